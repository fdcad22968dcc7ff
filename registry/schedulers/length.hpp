#pragma once

#include "registry/interval.hpp"

#include <cstdint>

namespace runner {

/// How far the training has come: what has been completed, from 0.
struct Progress {
  std::int64_t epoch = 0;    ///< whole epochs
  std::int64_t step = 0;     ///< optimizer steps
  std::int64_t samples = 0;  ///< training samples, the same for any number of ranks

  bool operator==(const Progress&) const = default;
};

/// The stretch of a run that a schedule is for: all of it, or what follows a warm-up or another
/// schedule.
struct Length {
  std::int64_t samples_per_epoch = 1;
  std::int64_t batch_size = 1;  ///< of a step, over all ranks
  std::int64_t last_step = 1;   ///< the stretch ends when so many steps of the run are completed
  std::int64_t first_step = 0;  ///< it begins when so many are
  /// Where steps began to have this batch_size: a run may go on with another. Those before are
  /// taken as all alike.
  Progress origin{};

  std::int64_t steps_per_epoch() const;

  /// How far the run is after so many steps.
  Progress after_step(std::int64_t step) const;
  /// The fewest steps of the run that see so many samples.
  std::int64_t steps_for(std::int64_t samples) const;

  /// Whole units completed since the beginning. Epochs are the run's: one that had begun before the
  /// stretch counts when it ends, so that what changes by epochs does so between two of them.
  std::int64_t completed(const Progress& progress, Unit unit) const;

  /// Units in the whole stretch, a part of one counted whole; at least 1.
  std::int64_t total(Unit unit) const;

  /// What is left of the stretch when `interval` is over: it begins with the first step after it.
  Length after(const Interval& interval) const;
};

}  // namespace runner
