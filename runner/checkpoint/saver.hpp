#pragma once

#include "registry/parallel/ranks.hpp"
#include "runner/checkpoint/snapshot.hpp"
#include "runner/protocol/event.hpp"

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace runner {

/// What a rank has written of a checkpoint, as it tells rank 0.
struct WrittenPart {
  std::vector<protocol::SavedFile> files;
  std::string error = {};  ///< why it could not; else empty

  static constexpr auto fields() {
    return std::tuple{member("files", &WrittenPart::files), member("error", &WrittenPart::error)};
  }
};

/// Writes snapshots in a thread of its own, one after the other. A checkpoint is a folder step-N
/// that appears whole or not at all; ranks may write a part each, which rank 0 waits for.
class Saver {
 public:
  /// Told what became of a checkpoint, Saved or NotSaved, by rank 0 and in the other thread.
  using Tell = std::function<void(const Event& event)>;

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
  WrittenPart write_part(const Snapshot& snapshot, const std::filesystem::path& folder) const;
  WrittenPart collect_parts(const Snapshot& snapshot, WrittenPart mine) const;

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
