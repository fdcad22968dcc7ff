#pragma once

#include "registry/description.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace runner {

/// An empty folder that goes with its owner.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Writes a file in it and gives its path.
  std::filesystem::path write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

/// What a program printed and how it ended; a signal's number counts as a negative code.
struct Printed {
  int code = 0;
  std::string out;
  std::string err;
};

/// The real `runner`, started in a folder; its output goes to files there, as a shell's redirection
/// would.
class Program {
 public:
  Program(const std::filesystem::path& folder, std::vector<std::string> arguments,
          const std::map<std::string, std::string>& environment = {});
  /// Another command, found on the PATH.
  static Program command(const std::filesystem::path& folder, std::vector<std::string> words,
                         const std::map<std::string, std::string>& environment = {});
  ~Program();
  Program(Program&& other) noexcept
      : folder_(std::move(other.folder_)), pid_(std::exchange(other.pid_, -1)) {}
  Program& operator=(Program&&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  /// What it has printed on standard output by now.
  std::string out() const;
  /// Waits, at most two minutes, until standard output contains `text`; false when it ended
  /// without.
  bool wait_for(const std::string& text);
  Printed wait();

 private:
  explicit Program(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void start(std::vector<std::string> words, const std::map<std::string, std::string>& environment);

  std::filesystem::path folder_;
  pid_t pid_ = -1;
};

/// Runs the program to its end.
Printed run(const std::filesystem::path& folder, std::vector<std::string> arguments,
            const std::map<std::string, std::string>& environment = {});

/// Where the real `runner` is: of this build, or in $RUNNER_BINARY_DIR (one with sanitizers).
std::string runner_executable();

std::string read_file(const std::filesystem::path& file);

/// What `runner list` and `runner show` say of the latest run of the folder's database.
Json last_run(const TemporaryDirectory& folder, const std::string& columns = "status");
Json shown_run(const TemporaryDirectory& folder);

/// Its processes, those of its workers among them.
std::vector<pid_t> children_of(pid_t parent);
bool is_running(pid_t pid);
/// The processes whose environment holds the text; waits up to five seconds for none.
std::vector<pid_t> left_running(const std::string& environment_text);

/// Every number in the text becomes N.
std::string numbers_replaced(const std::string& text);

}  // namespace runner
