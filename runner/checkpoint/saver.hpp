#pragma once

#include "registry/parallel/ranks.hpp"
#include "runner/checkpoint/snapshot.hpp"

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace runner {

/// Writes snapshots in a thread of its own, one after the other. A checkpoint is a folder step-N
/// that appears whole or not at all; ranks may write a part each, which rank 0 waits for.
class Saver {
 public:
  /// Told what became of a checkpoint, by rank 0 and in the other thread: the event `saved` or
  /// `not_saved` (see runner/supervise/README.md).
  using Tell = std::function<void(const Json& event)>;

  /// `sharded`: every rank saves a part; else rank 0 saves all.
  Saver(std::filesystem::path folder, const Ranks& ranks, bool sharded, Tell tell);
  /// Waits until everything is written.
  ~Saver();
  Saver(const Saver&) = delete;
  Saver& operator=(const Saver&) = delete;

  /// Waits for the snapshot before, if that is still being written.
  void save(Snapshot snapshot);
  void finish();

 private:
  void work();
  void write_and_tell(const Snapshot& snapshot);
  Json write_part(const Snapshot& snapshot, const std::filesystem::path& folder) const;
  Json collect_parts(const Snapshot& snapshot, Json mine) const;

  std::filesystem::path folder_;
  const Ranks& ranks_;
  bool sharded_;
  Tell tell_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Snapshot> waiting_;
  bool busy_ = false;
  bool end_ = false;
  std::thread thread_;
};

}  // namespace runner
