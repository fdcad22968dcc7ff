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

/// Where steps of this length's batch size begin an epoch: at its origin, or at the end of the
/// epoch that had begun there.
Progress first_whole_epoch(const Length& length) {
  const auto& origin = length.origin;
  const auto left = origin.samples % length.samples_per_epoch;
  if (left == 0) return origin;
  const auto missing = length.samples_per_epoch - left;
  return {origin.epoch + 1, origin.step + divided_up(missing, length.batch_size),
          origin.samples + missing};
}

}  // namespace

std::int64_t Length::steps_per_epoch() const { return divided_up(samples_per_epoch, batch_size); }

Progress Length::after_step(std::int64_t step) const {
  if (step < origin.step) {
    const auto samples = step * origin.samples / origin.step;
    return {samples / samples_per_epoch, step, samples};
  }
  const auto whole = first_whole_epoch(*this);
  if (step < whole.step)
    return {origin.epoch, step, origin.samples + (step - origin.step) * batch_size};
  const auto epoch = whole.epoch + (step - whole.step) / steps_per_epoch();
  const auto of_epoch =
      std::min((step - whole.step) % steps_per_epoch() * batch_size, samples_per_epoch);
  return {epoch, step, epoch * samples_per_epoch + of_epoch};
}

std::int64_t Length::steps_for(std::int64_t samples) const {
  if (samples < origin.samples) return divided_up(samples * origin.step, origin.samples);
  const auto whole = first_whole_epoch(*this);
  if (samples < whole.samples)
    return origin.step + divided_up(samples - origin.samples, batch_size);
  const auto more = samples - whole.samples;
  return whole.step + more / samples_per_epoch * steps_per_epoch() +
         divided_up(more % samples_per_epoch, batch_size);
}

std::int64_t Length::completed(const Progress& progress, Unit unit) const {
  return count(progress, unit) - count(after_step(first_step), unit);
}

std::int64_t Length::total(Unit unit) const {
  auto end = after_step(last_step);
  end.epoch = divided_up(end.samples, samples_per_epoch);
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
      rest.first_step = steps_for((begin.epoch + number) * samples_per_epoch);
      break;
    case Unit::steps:
      rest.first_step = begin.step + number;
      break;
    case Unit::samples:
      rest.first_step = steps_for(begin.samples + number);
      break;
    default:
      break;
  }
  return rest;
}

}  // namespace runner
