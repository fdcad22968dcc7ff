#include "runner/launch/sbatch.hpp"

#include "experiments/say.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

/// A file without a name that takes what a program prints.
class Catch {
 public:
  Catch() : file_(std::tmpfile()) {
    if (!file_) throw std::system_error(errno, std::generic_category(), "cannot make a file");
  }
  int fd() const { return fileno(file_.get()); }
  std::string text() const {
    std::string text;
    std::array<char, 4096> buffer{};
    std::rewind(file_.get());
    while (const auto n = std::fread(buffer.data(), 1, buffer.size(), file_.get()))
      text.append(buffer.data(), n);
    while (text.ends_with('\n')) text.pop_back();
    return text;
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
};

// sbatch hands its environment on, and Slurm keeps it: a job would take itself for a step of the
// one around, and a secret would be known to more than the job.
bool stays_here(std::string_view variable) {
  constexpr std::array kept = {
      "SLURM_CONF=", "SLURM_CONF_SERVER=", "SLURM_CLUSTERS=", "SLURM_JWT="};
  if (variable.starts_with("RUNNER_SECRET=")) return true;
  if (!variable.starts_with("SLURM_")) return false;
  for (const std::string_view name : kept)
    if (variable.starts_with(name)) return false;
  return true;
}

std::vector<char*> environment_without_job() {
  std::vector<char*> variables;
  for (char** variable = environ; *variable; ++variable)
    if (!stays_here(*variable)) variables.push_back(*variable);
  variables.push_back(nullptr);
  return variables;
}

struct Said {
  bool well = false;
  std::string out;
  std::string err;
};

Said run_sbatch(const fs::path& script) {
  std::string name = "sbatch", flag = "--parsable", file = script.string();
  char* arguments[] = {name.data(), flag.data(), file.data(), nullptr};
  const Catch out, err;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out.fd(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.fd(), STDERR_FILENO);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, name.c_str(), &actions, nullptr, arguments,
                                 environment_without_job().data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), "cannot start sbatch");
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return {WIFEXITED(status) && WEXITSTATUS(status) == 0, out.text(), err.text()};
}

// "sbatch: error: no such partition" on several lines, as one line without the prefixes.
std::string reasons(const std::string& err) {
  constexpr std::string_view prefix = "sbatch: error: ";
  std::vector<std::string> reasons;
  std::istringstream lines(err);
  for (std::string line; std::getline(lines, line);)
    reasons.push_back(line.starts_with(prefix) ? line.substr(prefix.size()) : line);
  return fmt::format("{}", fmt::join(reasons, "; "));
}

}  // namespace

bool has_sbatch() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (access((fs::path(folder) / "sbatch").c_str(), X_OK) == 0) return true;
  return false;
}

std::string sbatch(const fs::path& script) {
  const auto said = run_sbatch(script);
  if (!said.well)
    throw std::runtime_error(fmt::format("sbatch took no job: {}", reasons(said.err)));
  if (!said.err.empty()) say("{}\n", said.err);
  // With several clusters it is ID;CLUSTER.
  return said.out.substr(0, said.out.find(';'));
}

}  // namespace runner
