#include "runner/terminal/scale.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr double two_decades = 100;

/// The steps between about five multiples of 1, 2 or 5 times a power of ten.
double round_step(double span) {
  const double rough = span / 5;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough) return factor * power;
  return 10 * power;
}

}  // namespace

Scale::Scale(std::span<const double> values)
    : low_(*std::ranges::min_element(values)),
      high_(*std::ranges::max_element(values)),
      logarithmic_(low_ > 0 && high_ / two_decades > low_) {}

Scale::Scale(std::span<const double> values, bool logarithmic)
    : low_(*std::ranges::min_element(values)),
      high_(*std::ranges::max_element(values)),
      logarithmic_(logarithmic) {}

double Scale::place(double value) const {
  if (is_constant()) return 0.5;
  if (logarithmic_) return (std::log(value) - std::log(low_)) / (std::log(high_) - std::log(low_));
  // Two doubles may lie farther apart than a double holds.
  const long double low = low_;
  return static_cast<double>((value - low) / (high_ - low));
}

double Scale::value_at(double place) const {
  if (logarithmic_) return std::exp(std::log(low_) * (1 - place) + std::log(high_) * place);
  return low_ * (1 - place) + high_ * place;
}

std::vector<double> Scale::ticks() const {
  if (is_constant()) return {low_};
  std::vector<double> ticks{low_, high_};
  if (logarithmic_) {
    for (auto power = std::ceil(std::log10(low_)); power <= std::log10(high_); ++power)
      ticks.push_back(std::pow(10, power));
    return ticks;
  }
  const double step = round_step(high_ - low_);
  if (!std::isfinite(step)) return ticks;
  const double first = std::ceil(low_ / step);
  for (int i = 0; (first + i) * step <= high_ && i < 20; ++i) ticks.push_back((first + i) * step);
  return ticks;
}

std::string short_number(double value) {
  constexpr double most_digits = 1e6;
  if (value == std::round(value) && std::abs(value) < most_digits)
    return fmt::format("{:.0f}", value + 0.0);
  constexpr std::size_t most_columns = 10;
  const auto text = fmt::format("{:.4g}", value);
  return text.size() <= most_columns ? text : fmt::format("{:.3g}", value);
}

}  // namespace runner
