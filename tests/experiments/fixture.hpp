#pragma once

#include "experiments/recorder.hpp"
#include "experiments/schema.hpp"
#include "experiments/store.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace runner {

/// A folder that is gone at the end of the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "runner-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path database() const { return path_ / ".runner" / "experiments.db"; }

 private:
  std::filesystem::path path_;
};

inline Run example_run(const std::string& name = "mnist") {
  Run run;
  run.name = name;
  run.recipe_path = "recipes/mnist.yaml";
  run.recipe_text = "name: mnist\n";
  run.config = R"({"seed":1})";
  run.command = "runner run recipes/mnist.yaml";
  return run;
}

/// A database as a version with so many steps of the schema left it, with the run 2q6cqh61vr.
inline void make_old_database(const std::filesystem::path& file, std::size_t steps) {
  std::filesystem::create_directories(file.parent_path());
  Database database(file, Database::Open::create);
  migrate(database, schema_steps().first(steps));
  database.execute(
      "INSERT INTO runs (id, name, recipe, started, host, boot_id, pid, pid_started, seed)"
      " VALUES ('2q6cqh61vr', 'mnist', 'mnist.yaml', 1700000000000, 'elsewhere', '', 1, 1, 5)");
}

/// A child process that does the work and exits with its result, or with 99 for an exception.
inline pid_t start_child(const std::function<int()>& work) {
  // What is still in a buffer would be printed twice.
  std::cout.flush();
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  try {
    _exit(work());
  } catch (...) {
    _exit(99);
  }
}

inline int exit_code(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// The exit codes of so many children that do the same at once.
inline std::vector<int> exit_codes_of(std::size_t children, const std::function<int()>& work) {
  std::vector<pid_t> started(children);
  for (auto& child : started) child = start_child(work);
  std::vector<int> codes(children);
  std::ranges::transform(started, codes.begin(), exit_code);
  return codes;
}

/// Memory that a child shares with its parent, zero at first.
template <class T>
class Shared {
 public:
  Shared()
      : memory_(
            mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {}
  ~Shared() { munmap(memory_, sizeof(T)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  T& operator*() const { return *static_cast<T*>(memory_); }
  T* operator->() const { return static_cast<T*>(memory_); }

 private:
  void* memory_;
};

/// The text of the exception that the work ends with; empty when it ends well.
template <class Error = std::exception>
std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace runner
