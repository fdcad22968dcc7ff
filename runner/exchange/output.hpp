#pragma once

#include "registry/datasets/atomic_file.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace runner {

/// Where an export goes: to a file, which appears whole or not at all, or with "-" to standard
/// output. Throws StoreError when it cannot be written.
class Output {
 public:
  explicit Output(std::filesystem::path to);

  void write(std::string_view text);
  void commit();
  /// Opens the file while it is not whole yet; of none but a file.
  std::filesystem::path unfinished() const { return file_->path(); }
  /// The same by its name in the folder, for SQLite.
  std::filesystem::path unfinished_name() const { return file_->give_name(); }

 private:
  void flush();
  void put(std::string_view text);

  std::filesystem::path to_;
  std::unique_ptr<AtomicFile> file_;  // none for standard output
  std::string waiting_;
};

/// Throws UserError when something is there that may not be overwritten; a database of runs may
/// never.
void refuse_to_overwrite(const std::filesystem::path& to, bool overwrite);

}  // namespace runner
