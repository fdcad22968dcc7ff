#include "registry/schedulers/length.hpp"

#include <algorithm>
#include <limits>

namespace runner {
namespace {

std::int64_t divided_up(std::int64_t number, std::int64_t divisor) {
  return number / divisor + (number % divisor != 0);
}

std::int64_t count(const Progress& progress, Unit unit) {
  switch (unit) {
    case Unit::epochs:
      return progress.epoch;
    case Unit::steps:
      return progress.step;
    case Unit::samples:
      return progress.samples;
    default:  // times are refused where a recipe is read
      return 0;
  }
}

/// The fewest steps of the run that see so many samples.
std::int64_t steps_for(const Length& length, std::int64_t samples) {
  const auto rest = samples % length.samples_per_epoch;
  return samples / length.samples_per_epoch * length.steps_per_epoch() +
         divided_up(rest, length.batch_size);
}

}  // namespace

std::int64_t Length::steps_per_epoch() const { return divided_up(samples_per_epoch, batch_size); }

Progress Length::after_step(std::int64_t step) const {
  const auto epoch = step / steps_per_epoch();
  const auto of_epoch = std::min(step % steps_per_epoch() * batch_size, samples_per_epoch);
  return {epoch, step, epoch * samples_per_epoch + of_epoch};
}

std::int64_t Length::completed(const Progress& progress, Unit unit) const {
  return count(progress, unit) - count(after_step(first_step), unit);
}

std::int64_t Length::total(Unit unit) const {
  const auto begun = last_step + steps_per_epoch() - 1;
  const auto end = after_step(unit == Unit::epochs ? begun : last_step);
  return std::max<std::int64_t>(1, completed(end, unit));
}

Length Length::after(const Interval& interval) const {
  // An interval beyond any run must not overflow.
  constexpr auto far = std::numeric_limits<std::int64_t>::max() / 4;
  const auto number = std::min(interval.count, far / samples_per_epoch);
  const auto begin = after_step(first_step);
  auto rest = *this;
  switch (interval.unit) {
    case Unit::epochs:
      rest.first_step = (begin.epoch + number) * steps_per_epoch();
      break;
    case Unit::steps:
      rest.first_step = begin.step + number;
      break;
    case Unit::samples:
      rest.first_step = steps_for(*this, begin.samples + number);
      break;
    default:
      break;
  }
  return rest;
}

}  // namespace runner
