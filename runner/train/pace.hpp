#pragma once

#include "runner/train/telemetry.hpp"

#include <chrono>
#include <cstdint>

#include <c10/core/Device.h>

namespace runner {

/// Adds the time until it goes out of scope.
class Stopwatch {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Stopwatch(Clock::duration& total) : total_(total) {}
  ~Stopwatch() { total_ += Clock::now() - began_; }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  Clock::duration& total_;
  Clock::time_point began_ = Clock::now();
};

/// How fast the training goes, what it waits for and what memory it takes; of this process.
class Pace {
 public:
  explicit Pace(c10::Device device) : device_(device) {}

  /// The first steps, in which memory is taken and kernels are chosen, do not count.
  Stopwatch time_step(std::int64_t samples) {
    if (steps_++ == first_steps) restart();
    samples_ += samples;
    return Stopwatch(stepping_);
  }
  Stopwatch time_data() { return Stopwatch(waiting_); }

  /// Once a second at most, unless it is the `last` time: system/samples_per_second,
  /// system/data_wait (the share of the time) and system/memory_mib (the most until now).
  void record(Telemetry& telemetry, const At& at, bool last = false);

  /// The share of all steps' time in which batches were made, and the time itself in seconds.
  double data_wait() const;
  double data_seconds() const;

 private:
  static constexpr std::int64_t first_steps = 3;
  void restart();

  c10::Device device_;
  std::int64_t steps_ = 0;
  std::int64_t samples_ = 0;  ///< since the last record, as the times
  Stopwatch::Clock::duration stepping_{}, waiting_{};
  Stopwatch::Clock::duration stepping_before_{}, waiting_before_{};
  Stopwatch::Clock::time_point recorded_ = Stopwatch::Clock::now();
};

}  // namespace runner
