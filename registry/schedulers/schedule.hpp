#pragma once

#include "registry/description.hpp"
#include "registry/schedulers/length.hpp"

#include <memory>
#include <string_view>

namespace runner {

/// How the learning rate changes: a function of the progress alone, in constant time, so that a
/// resumed run needs no state of it; reduce_on_plateau is the exception.
class Schedule {
 public:
  virtual ~Schedule() = default;

  /// The learning rate of the next step where the recipe says `base` (a group of parameters may
  /// have a base of its own).
  virtual double lr(double base, const Progress& progress) const = 0;

  /// A metric was measured; all ranks must call this alike.
  virtual void measured(std::string_view /*metric*/, double /*value*/) {}

  /// What is no function of the progress, for checkpoints; null for most schedules.
  virtual Json state() const { return nullptr; }
  virtual void restore(const Json& /*state*/) {}
};

/// Builds the resolved component {name, field...} for this stretch of a run.
std::unique_ptr<Schedule> build_schedule(const Json& component, const Length& length);

}  // namespace runner
