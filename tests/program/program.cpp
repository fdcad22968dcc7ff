#include "tests/program/program.hpp"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

namespace runner {

namespace fs = std::filesystem;

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (fs::temp_directory_path() / "runner-test-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path TemporaryDirectory::write(const std::string& name, const std::string& text) const {
  std::ofstream(path_ / name) << text;
  return path_ / name;
}

std::string runner_executable() {
  const char* folder = std::getenv("RUNNER_BINARY_DIR");
  return std::string(folder ? folder : RUNNER_BINARY_DIR) + "/runner";
}

Program::Program(const fs::path& folder, std::vector<std::string> arguments,
                 const std::map<std::string, std::string>& environment)
    : folder_(folder) {
  arguments.insert(arguments.begin(), runner_executable());
  start(std::move(arguments), environment);
}

Program Program::command(const fs::path& folder, std::vector<std::string> words,
                         const std::map<std::string, std::string>& environment) {
  Program program(folder);
  program.start(std::move(words), environment);
  return program;
}

void Program::start(std::vector<std::string> words,
                    const std::map<std::string, std::string>& environment) {
  pid_ = fork();
  if (pid_ != 0) return;
  setpgid(0, 0);
  if (chdir(folder_.c_str()) != 0) _exit(126);
  dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
  dup2(open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
  dup2(open("err", O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  _exit(127);
}

Program::~Program() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Program::signal(int number) const { kill(pid_, number); }

std::string Program::out() const { return read_file(folder_ / "out"); }

bool Program::wait_for(const std::string& text) {
  for (int i = 0; i < 12'000; ++i) {
    if (out().find(text) != std::string::npos) return true;
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        info.si_pid != 0)
      return out().find(text) != std::string::npos;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

Printed Program::wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return {WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status), out(),
          read_file(folder_ / "err")};
}

Printed run(const fs::path& folder, std::vector<std::string> arguments,
            const std::map<std::string, std::string>& environment) {
  return Program(folder, std::move(arguments), environment).wait();
}

std::string read_file(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

Json last_run(const TemporaryDirectory& folder, const std::string& columns) {
  const auto listed = run(folder.path(), {"list", "--json", "--limit", "1", "--columns", columns});
  CAPTURE(listed.err);
  REQUIRE(listed.code == 0);
  return Json::parse(listed.out).at(0);
}

Json shown_run(const TemporaryDirectory& folder) {
  const auto shown = run(folder.path(), {"show", "last", "--json"});
  CAPTURE(shown.err);
  REQUIRE(shown.code == 0);
  return Json::parse(shown.out);
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> found;
  std::error_code ignored;
  for (const auto& thread :
       fs::directory_iterator("/proc/" + std::to_string(parent) + "/task", ignored)) {
    std::istringstream children(read_file(thread.path() / "children"));
    for (pid_t child = 0; children >> child;) found.push_back(child);
  }
  return found;
}

bool is_running(pid_t pid) {
  const auto status = read_file("/proc/" + std::to_string(pid) + "/stat");
  return !status.empty() && status.find(") Z ") == std::string::npos;
}

std::vector<pid_t> left_running(const std::string& environment_text) {
  std::vector<pid_t> found;
  for (int attempt = 0; attempt < 500; ++attempt) {
    found.clear();
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
      const auto pid = std::atoi(entry.path().filename().c_str());
      if (pid > 0 && is_running(pid) &&
          read_file(entry.path() / "environ").find(environment_text) != std::string::npos)
        found.push_back(pid);
    }
    if (found.empty()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return found;
}

std::string numbers_replaced(const std::string& text) {
  return std::regex_replace(text, std::regex("[0-9]+"), "N");
}

}  // namespace runner
