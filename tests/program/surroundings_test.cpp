#include "tests/program/program.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <thread>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace runner;

// What surrounds a run: its data, the system's limits, odd files.

namespace {

namespace fs = std::filesystem;

const std::string mnist = std::string(RUNNER_SOURCE_DIR) + "/recipes/mnist.yaml";
const std::string synthetic = std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml";

/// A copy of MNIST's files, which the first run has found or fetched.
fs::path copy_of_mnist(const TemporaryDirectory& folder) {
  REQUIRE(run(folder.path(), {"run", mnist, "train.max_steps=1", "save.every=null",
                              "eval.limit_batches=1", "dataset.fallback=null", "--quiet"})
              .code == 0);
  const auto data = shown_run(folder).at("data");
  const auto to = folder.path() / "data";
  fs::create_directory(to);
  for (const auto& [role, file] : data.at("files").items())
    fs::copy_file(file.get<std::string>(), to / fs::path(file.get<std::string>()).filename());
  return to;
}

/// Trains on the copy for long, and does something to it once it trains.
template <class Do>
Printed train_and(const TemporaryDirectory& folder, const fs::path& data, const Do& harm) {
  Program program(folder.path(),
                  {"run", mnist, "dataset.root=" + data.string(), "dataset.fallback=null",
                   "model={name: mlp, hidden: [8]}", "loss=cross_entropy", "train.epochs=500",
                   "save.every=50 steps",
                   "topology={name: ddp, device: cpu, devices: 2, threads: 1}", "--json"});
  REQUIRE(program.wait_for("\"saved\""));
  harm();
  return program.wait();
}

double processor_seconds(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, kernel = 0;
  fields >> user >> kernel;
  return (user + kernel) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

int connect_to(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return fd;
}

/// Whether the other end has closed it, or does within three seconds.
bool is_refused(int fd) {
  pollfd source{fd, POLLIN, 0};
  char byte = 0;
  return poll(&source, 1, 3000) == 1 && recv(fd, &byte, 1, 0) <= 0;
}

}  // namespace

TEST_CASE("data that are truncated or written to while a run trains end it, and are named") {
  const TemporaryDirectory folder;
  const auto data = copy_of_mnist(folder);
  const auto images = data / "train-images-idx3-ubyte";
  const auto whole = fs::file_size(images);
  auto printed = train_and(folder, data, [&] { fs::resize_file(images, 100'000); });
  CAPTURE(printed.err);
  CHECK(printed.code == 1);
  CHECK(last_run(folder, "status").at("status") == "failed");
  const auto reason = last_run(folder, "reason").at("reason").get<std::string>();
  CAPTURE(reason);
  CHECK(reason.ends_with(fmt::format(
      ": {} was truncated while it was read: from {} to 100000 bytes", images.string(), whole)));

  fs::remove_all(data);
  copy_of_mnist(folder);
  const auto labels = data / "train-labels-idx1-ubyte";
  printed = train_and(folder, data, [&] {
    std::fstream file(labels, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);
    file.put('\7');
  });
  CHECK(printed.code == 1);
  CHECK(last_run(folder, "reason")
            .at("reason")
            .get<std::string>()
            .ends_with(": " + labels.string() + " was written to while it was read"));
}

TEST_CASE("a run does not go on with other data, and is not reproduced with others") {
  const TemporaryDirectory folder;
  const std::map<std::string, std::string> nowhere{{"RUNNER_DATA_DIR", folder.path()},
                                                   {"RUNNER_CACHE_DIR", folder.path() / "cache"},
                                                   {"RUNNER_MIRROR", "http://127.0.0.1:9"}};
  const std::vector<std::string> words{"run", mnist, "train.max_steps=2", "eval.limit_batches=1",
                                       "--quiet"};
  REQUIRE(run(folder.path(), words).code == 0);
  const auto id = last_run(folder, "id").at("id").get<std::string>();
  const auto resumed = run(folder.path(), {"resume", id, "train.max_steps=4"}, nowhere);
  CHECK(resumed.code == 2);
  CHECK(resumed.err.ends_with("runner: the data are not those of run " + id +
                              ": they were mnist, and are fashion_mnist\n"));
  CHECK(last_run(folder, "status").at("status") == "done");

  const auto weights = folder.path() / "begin.safetensors";
  REQUIRE(run(folder.path(), {"export", id, "--to", weights}).code == 0);
  auto from_file = words;
  from_file.push_back("init_from.weights=" + weights.string());
  REQUIRE(run(folder.path(), from_file).code == 0);
  const auto second = last_run(folder, "id").at("id").get<std::string>();
  CHECK(run(folder.path(), {"reproduce", second}).code == 0);
  std::fstream(weights, std::ios::in | std::ios::out | std::ios::binary)
      .seekp(-1, std::ios::end)
      .put('\7');
  fs::last_write_time(weights, fs::last_write_time(weights) + std::chrono::seconds(1));
  const auto other = run(folder.path(), {"reproduce", second});
  CHECK(other.code == 2);
  CHECK(other.err == "runner: the data are not those of run " + second + ": " + weights.string() +
                         " (init_from.weights) has other content, by all of it\n");
}

TEST_CASE("a named pipe, a device or a folder is no recipe, and is not waited for") {
  const TemporaryDirectory folder;
  const auto pipe = (folder.path() / "pipe.yaml").string();
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  for (const auto& [path, what] : std::vector<std::pair<std::string, std::string>>{
           {pipe, "a named pipe"}, {"/dev/zero", "a device"}, {folder.path(), "a folder"}}) {
    const auto printed = run(folder.path(), {"validate", path});
    CHECK(printed.code == 2);
    CHECK(printed.err ==
          fmt::format("argument '{0}': cannot read the recipe {0}: it is {1}\n", path, what));
  }
  const auto of_the_shell =
      Program::command(folder.path(),
                       {"bash", "-c",
                        runner_executable() + " validate <(sleep 0.3; echo model: mlp; cat " +
                            synthetic + " | grep -v ^model)"})
          .wait();
  CAPTURE(of_the_shell.err);
  CHECK(of_the_shell.code == 0);
  CHECK(run(folder.path(), {"import", pipe}).code == 2);
  CHECK(run(folder.path(), {"list", "--db", pipe}).code != 0);
  CHECK(run(folder.path(), {"merge", pipe}).code != 0);
}

TEST_CASE("a home that cannot be written is told of in a sentence") {
  const TemporaryDirectory folder;
  const auto home = folder.write("home", "no folder");
  const auto printed = run(folder.path(), {"run", mnist, "dataset.fallback=null"},
                           {{"HOME", home},
                            {"XDG_CACHE_HOME", ""},
                            {"RUNNER_CACHE_DIR", ""},
                            {"RUNNER_DATA_DIR", ""},
                            {"RUNNER_MIRROR", "http://127.0.0.1:9"}});
  CHECK(printed.code == 1);
  CHECK(printed.err == "runner: cannot write the cache folder " + home.string() +
                           "/.cache/runner/datasets/mnist: Not a directory; RUNNER_CACHE_DIR names "
                           "another\n");
}

TEST_CASE("a file that may not grow further is told of in words") {
  const TemporaryDirectory folder;
  const auto limited = [&](const std::string& words) {
    return Program::command(
               folder.path(),
               {"bash", "-c", "ulimit -f 600; exec " + runner_executable() + " " + words})
        .wait();
  };
  const std::string limit =
      "the file would be larger than is allowed here (ulimit -f, or the file system's limit)";
  // A model of 2 MB, and 600 kB a file.
  const auto trained =
      limited("run " + synthetic + " 'model.hidden=[640]' train.max_steps=3 name=large");
  CAPTURE(trained.err);
  CHECK(trained.code == 1);
  CHECK(std::regex_search(trained.err, std::regex("could not be saved: [^\n]*model.safetensors")));
  CHECK(trained.err.find(": " + limit + "\n") != std::string::npos);
  REQUIRE(run(folder.path(), {"run", synthetic, "model.hidden=[640]", "train.max_steps=3"}).code ==
          0);
  const auto exported = limited("export last --to weights.safetensors");
  CHECK(exported.code == 1);
  CHECK(exported.err == "runner: cannot write weights.safetensors: " + limit + "\n");
  CHECK_FALSE(fs::exists(folder.path() / "weights.safetensors"));
  const auto stored =
      limited("run " + synthetic + " save.every=null train.epochs=40 'log.every=1 steps' --quiet");
  CAPTURE(stored.err);
  CHECK(stored.code == 1);
  CHECK(stored.err.find("experiments.db: " + limit + "\n") != std::string::npos);
}

TEST_CASE("weights that cannot be are refused before there is a run") {
  const TemporaryDirectory folder;
  std::string header =
      R"({"layers.0.weight":{"dtype":"F32","shape":[-64,784],"data_offsets":[0,8]}})";
  const std::uint64_t length = header.size();
  header.insert(0, reinterpret_cast<const char*>(&length), sizeof length);
  const auto file = folder.write("w.safetensors", header + std::string(8, '\0'));
  const auto printed = run(folder.path(), {"run", synthetic, "init_from.weights=" + file.string()});
  CHECK(printed.code == 2);
  CAPTURE(printed.err);
  CHECK(printed.err.ends_with(": init_from.weights: " + file.string() +
                              ": the tensor layers.0.weight has the impossible shape [-64,784]\n"));
  CHECK_FALSE(fs::exists(folder.path() / ".runner"));
}

TEST_CASE("at its limit of open files the page refuses who comes, and takes no processor time") {
  const TemporaryDirectory folder;
  REQUIRE(run(folder.path(), {"run", synthetic, "train.max_steps=1", "--quiet"}).code == 0);
  auto page = Program::command(
      folder.path(),
      {"bash", "-c", "ulimit -n 40; exec " + runner_executable() + " ui --no-browser"});
  REQUIRE(page.wait_for("?token="));
  std::smatch port;
  const auto out = page.out();
  REQUIRE(std::regex_search(out, port, std::regex("127.0.0.1:([0-9]+)/")));
  std::vector<int> connections;
  for (int i = 0; i < 60; ++i) connections.push_back(connect_to(std::stoi(port[1])));
  CHECK(is_refused(connections.back()));
  const auto before = processor_seconds(page.pid());
  std::this_thread::sleep_for(std::chrono::seconds(2));
  CHECK(processor_seconds(page.pid()) - before < 0.1);
  for (const auto fd : connections) close(fd);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const int again = connect_to(std::stoi(port[1]));
  const std::string request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  REQUIRE(send(again, request.data(), request.size(), 0) == std::ssize(request));
  char byte = 0;
  CHECK(recv(again, &byte, 1, 0) == 1);
  close(again);
  page.signal(SIGTERM);
  page.wait();
}

TEST_CASE("what is built or installed looks for libraries at absolute paths or beside itself") {
  const TemporaryDirectory folder;
  const auto installed = folder.path() / "installed";
  const fs::path build = fs::path(RUNNER_BINARY_DIR).parent_path();
  const auto install =
      Program::command(folder.path(), {"cmake", "--install", build, "--prefix", installed}).wait();
  CAPTURE(install.err);
  REQUIRE(install.code == 0);
  int looked_at = 0;
  for (const auto& tree :
       {fs::path(RUNNER_BINARY_DIR), build / "tests", installed / "bin", installed / "libexec"})
    for (const auto& entry : fs::recursive_directory_iterator(tree)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      std::string magic(4, '\0');
      if (!file.read(magic.data(), 4) || magic != "\177ELF") continue;
      if (entry.path().extension() == ".o" || entry.path().extension() == ".pch") continue;
      const auto printed =
          Program::command(folder.path(), {"readelf", "-d", entry.path().string()}).wait().out;
      ++looked_at;
      std::smatch path;
      if (!std::regex_search(printed, path, std::regex("R(?:UN)?PATH\\).*\\[(.*)\\]"))) continue;
      CAPTURE(entry.path().string());
      CAPTURE(path[1].str());
      std::istringstream places(path[1].str() + ":.");
      for (std::string place; std::getline(places, place, ':') && place != ".";)
        CHECK((place.starts_with('/') || place.starts_with("$ORIGIN")));
    }
  CHECK(looked_at >= 6);
}
