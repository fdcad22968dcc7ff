#include "runner/supervise/tcp.hpp"
#include "tests/program/program.hpp"

#include <chrono>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace runner;

namespace {

const std::string synthetic = std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml";

/// What strangers send: a JSON number, a web browser's question, lists in lists, a huge length, the
/// start of a handshake, nothing.
const std::vector<std::string> strange_bytes{
    std::string{1, 0, 0, 0, 1},
    "GET / HTTP/1.1\r\n\r\n",
    std::string("\x10\x27\0\0", 4) + std::string(10'000, '\x81'),
    "\xff\xff\xff\xff",
    {"runner\0\1", 8},
    ""};

/// Connections that send such bytes and stay open.
class Strangers {
 public:
  ~Strangers() {
    for (const int fd : fds_) close(fd);
  }
  /// True when somebody listens there.
  bool come_to(std::uint16_t port) {
    for (const auto& bytes : strange_bytes) {
      std::string error;
      const int fd = connect_to("127.0.0.1", port, std::chrono::milliseconds(500), error);
      if (fd < 0) return false;
      fds_.push_back(fd);
      send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    return true;
  }

 private:
  std::vector<int> fds_;
};

/// Variables of torchrun's for ranks of which each is on a machine of its own, as far as they know.
std::map<std::string, std::string> rank_of(int rank, int world_size, const std::string& port,
                                           const std::string& secret = "of sixteen bytes") {
  return {{"RANK", std::to_string(rank)},
          {"LOCAL_RANK", "0"},
          {"WORLD_SIZE", std::to_string(world_size)},
          {"LOCAL_WORLD_SIZE", "1"},
          {"MASTER_ADDR", "0.0.0.0"},
          {"MASTER_PORT", port},
          {"RUNNER_SECRET", secret}};
}

/// "0100007F:1F40": addresses at which the process listens, of TCP over IPv4 and IPv6.
std::vector<std::string> listening(pid_t pid) {
  std::set<std::string> inodes;
  std::error_code gone;
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd", gone)) {
    const auto target = std::filesystem::read_symlink(entry.path(), gone).string();
    if (target.starts_with("socket:[")) inodes.insert(target.substr(8, target.size() - 9));
  }
  std::vector<std::string> found;
  for (const auto* table : {"tcp", "tcp6"}) {
    std::ifstream lines("/proc/" + std::to_string(pid) + "/net/" + table);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string slot, local, remote, state, word;
      words >> slot >> local >> remote >> state;
      for (int i = 0; i < 5; ++i) words >> word;
      if (state == "0A" && words >> word && inodes.contains(word)) found.push_back(local);
    }
  }
  return found;
}

}  // namespace

TEST_CASE("strangers while 2 and 4 ranks meet are dropped, told of once, and change nothing") {
  for (const int size : {2, 4}) {
    CAPTURE(size);
    const std::string port = size == 2 ? "21971" : "21972";
    const std::vector<std::string> words{"run", synthetic, "train.max_steps=5",
                                         "topology={name: ddp, device: cpu, threads: 1}"};
    const TemporaryDirectory folder, elsewhere[3];
    Program first(folder.path(), words, rank_of(0, size, port));
    Strangers strangers;
    while (!strangers.come_to(static_cast<std::uint16_t>(std::stoi(port))))
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::vector<Program> others;
    for (int rank = 1; rank < size; ++rank)
      others.emplace_back(elsewhere[rank - 1].path(), words, rank_of(rank, size, port));
    for (auto& other : others) CHECK(other.wait().code == 0);
    const auto printed = first.wait();
    CHECK(printed.code == 0);
    // It also says what it waits for, where the others are slow to start.
    CHECK(printed.err.ends_with("runner: WARNING: 6 connections to port " + port +
                                " of this machine did not prove to be of this run and were "
                                "dropped\n"));
  }
}

TEST_CASE("a rank with another secret is kept out, and says so") {
  const std::vector<std::string> words{"run", synthetic, "topology.timeout=4"};
  const TemporaryDirectory folder, elsewhere;
  Program first(folder.path(), words, rank_of(0, 2, "21973"));
  const auto other = run(elsewhere.path(), words, rank_of(1, 2, "21973", "another of 16 bytes"));
  CHECK(other.code == 1);
  CHECK(other.err.ends_with(
      "runner: rank 1 found no rank 0 at 0.0.0.0, port 21973, within 4 s (topology.timeout): the "
      "runner there has another secret, or is of another run\n"));
  const auto printed = first.wait();
  CHECK(printed.code == 1);
  CHECK(printed.err.find(" did not prove to be of this run and ") != std::string::npos);
}

TEST_CASE("without a secret ranks of several machines meet, and one warning says so") {
  const std::vector<std::string> words{"run", synthetic, "train.max_steps=5"};
  const TemporaryDirectory folder, elsewhere;
  Program other(elsewhere.path(), words, rank_of(1, 2, "21974", ""));
  const auto printed = run(folder.path(), words, rank_of(0, 2, "21974", ""));
  CHECK(other.wait().code == 0);
  CHECK(printed.code == 0);
  CHECK(printed.err.starts_with(
      "runner: WARNING: any process that reaches port 21974 of this machine can take part in this "
      "run: give all ranks the same RUNNER_SECRET, or RUNNER_SECRET_FILE (docs/SECURITY.md)\n"));
}

TEST_CASE("a secret is in no record of the run and in no worker's environment") {
  const std::vector<std::string> words{"run", synthetic, "train.epochs=100000"};
  const TemporaryDirectory folder, elsewhere;
  const std::string secret = "unlikely-0f8e2b6d";
  Program other(elsewhere.path(), words, rank_of(1, 2, "21975", secret));
  Program first(folder.path(), words, rank_of(0, 2, "21975", secret));
  REQUIRE(first.wait_for("epoch 1,"));
  for (const auto worker : children_of(first.pid()))
    CHECK(read_file("/proc/" + std::to_string(worker) + "/environ").find(secret) ==
          std::string::npos);
  first.signal(SIGINT);
  const auto printed = first.wait();
  CHECK((printed.out + printed.err).find(secret) == std::string::npos);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path()))
    if (entry.is_regular_file()) CHECK(read_file(entry.path()).find(secret) == std::string::npos);
}

TEST_CASE("ranks of one machine listen on its loopback alone, and to nobody once they have met") {
  const TemporaryDirectory folder;
  Program program(folder.path(), {"run", synthetic, "train.epochs=100000",
                                  "topology={name: ddp, device: cpu, devices: 2, threads: 1}"});
  REQUIRE(program.wait_for("epoch 1,"));
  CHECK(listening(program.pid()).empty());
  Strangers strangers;
  int listeners = 0;
  for (const auto worker : children_of(program.pid()))
    for (const auto& address : listening(worker)) {
      ++listeners;
      CHECK(address.starts_with("0100007F:"));
      const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(9), nullptr, 16));
      CHECK_FALSE(strangers.come_to(port));
    }
  CHECK(listeners == 2);  // Gloo's
  program.signal(SIGINT);
  CHECK(program.wait().code == 3);
}

TEST_CASE("while ranks of several machines train, nobody listens at the port where they met") {
  const std::vector<std::string> words{"run", synthetic, "train.epochs=100000"};
  const TemporaryDirectory folder, elsewhere;
  Program other(elsewhere.path(), words, rank_of(1, 2, "21976"));
  Program first(folder.path(), words, rank_of(0, 2, "21976"));
  REQUIRE(first.wait_for("epoch 1,"));
  CHECK(listening(first.pid()).empty());
  CHECK(listening(other.pid()).empty());
  first.signal(SIGINT);
  CHECK(first.wait().code == 3);
}
