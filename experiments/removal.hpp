#pragma once

#include "experiments/store.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace runner {

/// What is no longer on the disk.
struct Freed {
  std::int64_t files = 0;
  std::int64_t bytes = 0;

  Freed& operator+=(const Freed& other);
};

/// Whether a place has the name of a checkpoint, step-3, or of one that was never whole,
/// step-3.tmp.
bool is_checkpoint(const std::filesystem::path& place);

/// What would go with a run: its files and their size.
Freed files_of(const Database& database, std::string_view run_id);

/// Takes a run out of the store, and then its files from the disk: whatever cuts it short leaves
/// files that `collect_garbage` finds. A trial that has lost its run waits for a new one. Throws
/// UserError for a run that goes on or waits in a queue.
Freed delete_run(Store& store, std::string_view run_id);

/// What lies in the database's logs/, checkpoints/ and slurm/ and belongs to no run: folders and
/// scripts of runs that are gone, and checkpoints that no run names any more. What a run of any
/// database in that folder names is none, nor is anything of a run that goes on, nor what has not
/// the name of a run or of a checkpoint. Throws StoreError for a database beside it that a newer
/// runner has written.
std::vector<std::filesystem::path> find_garbage(const Database& database);

/// Moves garbage into the folder trash/ beside the database, and gives its size. What is none any
/// more, since a run has come that names it, stays; nobody else writes to the database meanwhile.
Freed put_into_trash(const Database& database, const std::vector<std::filesystem::path>& garbage);

/// What has lain in the trash for so many days.
std::vector<std::filesystem::path> old_trash(const Database& database, int days);

Freed size_of(const std::vector<std::filesystem::path>& places);

/// Deletes what old_trash() gave.
Freed delete_trash(const std::vector<std::filesystem::path>& trash);

/// Gives the pages of deleted rows back to the disk.
Freed compact(const Database& database);

}  // namespace runner
