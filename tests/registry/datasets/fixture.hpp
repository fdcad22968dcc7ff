#pragma once

#include "registry/datasets/dataset.hpp"
#include "registry/datasets/idx_archive.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace runner::test {

namespace fs = std::filesystem;

using Bytes = std::vector<std::byte>;

/// An empty folder, and an environment in which nothing but this folder has data; both undone at
/// the end.
class Sandbox {
 public:
  Sandbox();
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  void set(const std::string& variable, const std::optional<std::string>& value);
  fs::path operator/(const std::string& name) const { return folder_ / name; }
  fs::path cache(const std::string& name = "") const {
    return folder_ / "cache/datasets/toy" / name;
  }

  /// What the code under test warned of.
  std::vector<std::string> warnings;
  Preparation preparation();

 private:
  fs::path folder_;
  std::map<std::string, std::optional<std::string>> before_;
};

Bytes read(const fs::path& path);
void write(const fs::path& path, const Bytes& bytes);
void write_gzip(const fs::path& path, const Bytes& bytes);

/// An IDX file of uint8: pseudo-random elements, which gzip cannot make smaller.
Bytes make_idx(const std::vector<std::int64_t>& shape, unsigned seed = 1);

/// 300 and 40 images of 28 x 28 in four files. `content` holds each file by name.
struct Toy {
  IdxArchive archive;
  std::map<std::string, Bytes> content;

  Toy();
  void write_to(const fs::path& folder) const;
  void pack_to(const fs::path& folder) const;
  void require_content(const Prepared& prepared) const;
};

/// server.py as a child process.
class Server {
 public:
  Server(const fs::path& folder, const fs::path& log, std::vector<std::string> faults = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string address() const;
  /// "/name -" or "/name bytes=123-", in order.
  std::vector<std::string> requests() const;

 private:
  fs::path log_;
  pid_t pid_ = 0;
  int port_ = 0;
};

/// Runs `work` in a forked process, whose exit status is 0 unless it throws.
pid_t in_child(const std::function<void()>& work);
int wait_for(pid_t pid);

/// Waits until `condition` holds; fails the test after 20 seconds.
void eventually(const std::function<bool()>& condition);

/// The text of the E that `work` throws; "nothing was thrown" otherwise.
template <class E>
std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const E& error) {
    return error.what();
  }
  return "nothing was thrown";
}

/// The two fields of a split that lies in memory.
struct SplitArrays {
  Array inputs, targets;
};
inline SplitArrays arrays_of(const Dataset& dataset, std::size_t split) {
  const auto& source = *dataset.splits.at(split).source;
  return {*source.array(0), *source.array(1)};
}
inline SplitArrays train_of(const Dataset& dataset) { return arrays_of(dataset, 0); }
inline SplitArrays eval_of(const Dataset& dataset) { return arrays_of(dataset, 1); }

}  // namespace runner::test
