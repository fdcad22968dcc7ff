#pragma once

#include "experiments/store.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace runner {

/// What is no longer on the disk.
struct Freed {
  std::int64_t files = 0;
  std::int64_t bytes = 0;

  Freed& operator+=(const Freed& other);
};

/// What would go with a run: its files and their size.
Freed files_of(const Database& database, std::string_view run_id);

/// Takes a run out of the store, and then its files from the disk: whatever cuts it short leaves
/// files that `collect_garbage` finds. A trial that has lost its run waits for a new one. Throws
/// UserError for a run that goes on or waits in a queue.
Freed delete_run(Store& store, std::string_view run_id);

/// Removes what lies in the database's folder and belongs to no run: logs and checkpoints of runs
/// that are gone, and checkpoints that no run names any more. What a run of any database in that
/// folder names stays, and so does everything of a run that goes on. Gives the pages of deleted
/// rows back to the disk.
Freed collect_garbage(Store& store);

}  // namespace runner
