#pragma once

#include "registry/field.hpp"
#include "registry/schedulers/schedule.hpp"
#include "registry/schedulers/warm_up.hpp"

#include <memory>
#include <string>

namespace runner {

// What schedules by a formula are made of.

/// What a schedule counts: an epoch, a step or a sample of the training, on any number of ranks.
template <class Owner>
constexpr Field<Owner, std::string> interval_field(std::string Owner::*member) {
  return field("interval", member, "what is counted, and when the learning rate changes",
               one_of<"epoch", "step", "samples">);
}

/// The unit that an `interval` field names.
inline Unit unit_of(const std::string& interval) {
  return interval == "epoch" ? Unit::epochs : interval == "step" ? Unit::steps : Unit::samples;
}

/// A length that a recipe may leave to the run.
inline double or_all(const std::optional<std::int64_t>& count, const Length& length,
                     const std::string& interval) {
  return static_cast<double>(count.value_or(length.total(unit_of(interval))));
}

template <class Formula>
class FormulaSchedule final : public Schedule {
 public:
  FormulaSchedule(const Length& length, Unit unit, Formula formula)
      : length_(length), unit_(unit), formula_(std::move(formula)) {}

  double lr(double base, const Progress& progress) const override {
    return formula_(base, static_cast<double>(length_.completed(progress, unit_)));
  }

 private:
  Length length_;
  Unit unit_;
  Formula formula_;
};

/// The schedule `formula(base, completed intervals)`.
template <class Formula>
std::unique_ptr<Schedule> by_formula(const Length& length, const std::string& interval,
                                     Formula formula) {
  return std::make_unique<FormulaSchedule<Formula>>(length, unit_of(interval), std::move(formula));
}

}  // namespace runner
