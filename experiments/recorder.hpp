#pragma once

#include "experiments/matrices.hpp"
#include "experiments/run.hpp"

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace runner {

/// One point of a metric, as it waits to be written. `series` counts the run's metrics as they
/// came.
struct SeriesPoint {
  std::uint32_t series;
  std::int64_t step;
  double epoch;
  double value;
  std::int64_t time;
};

/// The only writer of a run. `record` puts a point in a queue; a thread of its own writes the queue
/// some five times a second. A second point for a step replaces the first, so a run that goes back
/// to a checkpoint records over what it had.
///
/// What cannot be written (a full disk) is tried again for some seconds. Then the run has failed,
/// with the error as its reason where that can still be written; the next call, whichever it is,
/// throws it, and from then on nothing is written. For use by one thread or many.
class Recorder {
 public:
  Recorder(std::filesystem::path database, std::string run_id);
  /// Writes what is queued. A run that was not finished stays `running`, and is `crashed` once this
  /// process has ended. Errors are lost here: call `finish` or `flush` to see them.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// `epoch` counts epochs done: 1 at the end of the first. `time` is Unix time in ms. Waits only
  /// when the disk is a million points behind.
  void record(std::string_view metric, std::int64_t step, double epoch, double value,
              std::int64_t time = now_ms());

  /// A checkpoint is there: on disk in one transaction with what was recorded before.
  void add(Checkpoint checkpoint);
  void add(CountMatrix matrix);

  /// Returns once everything recorded before is on disk.
  void flush();

  /// Writes the last points and the run's end in one transaction. Nothing may be recorded after.
  void finish(Status status, std::string_view reason = {});

 private:
  struct End {
    Status status;
    std::string reason;
    std::int64_t time;
  };
  struct Batch {
    std::vector<SeriesPoint> points;
    std::vector<std::string> new_metrics;
    std::vector<Checkpoint> checkpoints;
    std::vector<CountMatrix> matrices;
    std::optional<End> end;
    bool is_last = false;

    bool is_empty() const {
      return points.empty() && checkpoints.empty() && matrices.empty() && !end;
    }
  };

  void close();
  void take(Batch& batch);
  void write_until_closed();
  void write_at_last(Batch& batch);
  void write(Batch& batch);
  void tell_written(const Batch& batch);
  void end_as_failed(std::string_view reason) const;
  std::uint32_t series_of(std::string_view metric);
  void throw_error() const;

  const std::filesystem::path database_;
  const std::string run_id_;

  std::mutex mutex_;
  std::condition_variable wake_writer_;
  std::condition_variable written_;
  std::vector<SeriesPoint> queue_;
  std::vector<std::string> new_metrics_;
  std::vector<Checkpoint> checkpoints_;
  std::vector<CountMatrix> matrices_;
  std::map<std::string, std::uint32_t, std::less<>> series_;
  std::optional<End> end_;
  std::uint64_t count_recorded_ = 0;
  std::uint64_t count_written_ = 0;
  bool flushing_ = false;
  bool closed_ = false;
  std::exception_ptr error_;

  // Of the writing thread alone.
  struct Connection;
  std::unique_ptr<Connection> connection_;
  std::vector<std::string> metrics_;  ///< that were told of, in their order
  std::thread writer_;
};

}  // namespace runner
