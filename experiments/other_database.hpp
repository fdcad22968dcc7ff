#pragma once

#include "experiments/sqlite.hpp"

#include <filesystem>

namespace runner {

/// Throws as OtherDatabase does, for what it would not take at all.
void refuse_unusable(const std::filesystem::path& file);

/// Another database of runs, attached to a connection as `other` while this lives. It is only read:
/// one of an older schema is copied beside ours, and the copy brought up to date. Throws UserError
/// when there is none, and StoreError for one that is not of runs, or of a newer schema.
class OtherDatabase {
 public:
  OtherDatabase(const Database& database, const std::filesystem::path& file);
  ~OtherDatabase();
  OtherDatabase(const OtherDatabase&) = delete;
  OtherDatabase& operator=(const OtherDatabase&) = delete;

 private:
  const Database& database_;
  std::filesystem::path copy_;  // empty when none was needed
};

}  // namespace runner
