#include "fixture.hpp"

#include "registry/datasets/digest.hpp"

#include <cstdlib>
#include <fstream>
#include <random>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

extern char** environ;

namespace runner::test {

Sandbox::Sandbox() {
  std::string name = (fs::temp_directory_path() / "runner-test-XXXXXX").string();
  folder_ = mkdtemp(name.data());
  set("RUNNER_CACHE_DIR", (folder_ / "cache").string());
  set("RUNNER_DATA_DIR", std::nullopt);
  set("RUNNER_MIRROR", std::nullopt);
  set("no_proxy", "127.0.0.1");
}

Sandbox::~Sandbox() {
  for (const auto& [variable, value] : before_) {
    if (value)
      setenv(variable.c_str(), value->c_str(), 1);
    else
      unsetenv(variable.c_str());
  }
  fs::remove_all(folder_);
}

void Sandbox::set(const std::string& variable, const std::optional<std::string>& value) {
  const char* const before = std::getenv(variable.c_str());
  before_.emplace(variable, before ? std::optional<std::string>(before) : std::nullopt);
  if (value)
    setenv(variable.c_str(), value->c_str(), 1);
  else
    unsetenv(variable.c_str());
}

Preparation Sandbox::preparation() {
  return {{}, [this](const std::string& message) { warnings.push_back(message); }};
}

Bytes read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

void write(const fs::path& path, const Bytes& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

void write_gzip(const fs::path& path, const Bytes& bytes) {
  fs::create_directories(path.parent_path());
  const gzFile out = gzopen(path.c_str(), "wb1");
  gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(out);
}

Bytes make_idx(const std::vector<std::int64_t>& shape, unsigned seed) {
  Bytes bytes{{}, {}, std::byte{8}, std::byte(shape.size())};
  std::int64_t elements = 1;
  for (const auto extent : shape) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(std::byte(extent >> shift & 255));
    elements *= extent;
  }
  std::mt19937 random(seed);
  for (std::int64_t i = 0; i < elements; ++i) bytes.push_back(std::byte(random() & 255));
  return bytes;
}

Toy::Toy() : archive{"toy", {}, {}, {}, {2, 1}} {
  const auto add = [&](const std::string& role, const std::string& name,
                       const std::vector<std::int64_t>& shape) {
    content[name] = make_idx(shape, static_cast<unsigned>(content.size()));
    archive.files.push_back({role, name, shape, sha256(content[name])});
  };
  add("train-images", "train-images-idx3-ubyte", {300, 28, 28});
  add("train-labels", "train-labels-idx1-ubyte", {300});
  add("eval-images", "t10k-images-idx3-ubyte", {40, 28, 28});
  add("eval-labels", "t10k-labels-idx1-ubyte", {40});
}

void Toy::write_to(const fs::path& folder) const {
  for (const auto& [name, bytes] : content) write(folder / name, bytes);
}

void Toy::pack_to(const fs::path& folder) const {
  for (const auto& [name, bytes] : content) write_gzip(folder / (name + ".gz"), bytes);
}

void Toy::require_content(const Prepared& prepared) const {
  REQUIRE(prepared.files.size() == 4);
  for (const auto& file : archive.files) {
    CAPTURE(file.name);
    REQUIRE(read(prepared.files.at(file.role)) == content.at(file.name));
  }
}

Server::Server(const fs::path& folder, const fs::path& log, std::vector<std::string> faults)
    : log_(log) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const std::string script = RUNNER_SOURCE_DIR "/tests/registry/datasets/server.py";
  std::vector<std::string> words{"python3", script, folder.string(), log.string()};
  words.insert(words.end(), faults.begin(), faults.end());
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  REQUIRE(posix_spawnp(&pid_, "python3", &actions, nullptr, arguments.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  FILE* const out = fdopen(ends[0], "r");
  REQUIRE(std::fscanf(out, "%d", &port_) == 1);
  std::fclose(out);
}

Server::~Server() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

std::string Server::address() const { return fmt::format("http://127.0.0.1:{}/", port_); }

std::vector<std::string> Server::requests() const {
  std::ifstream in(log_);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

pid_t in_child(const std::function<void()>& work) {
  const pid_t pid = fork();
  REQUIRE(pid >= 0);
  if (pid > 0) return pid;
  try {
    work();
  } catch (...) {
    _exit(1);
  }
  _exit(0);
}

int wait_for(pid_t pid) {
  int status = 0;
  REQUIRE(waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void eventually(const std::function<bool()>& condition) {
  for (int tries = 0; !condition(); ++tries) {
    REQUIRE(tries < 4000);
    usleep(5000);
  }
}

}  // namespace runner::test
