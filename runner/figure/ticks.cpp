#include "runner/figure/ticks.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace runner::figure {
namespace {

double round_step(double rough) {
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    // A little less than the step does as well: numbers are not exact.
    if (factor * power >= rough * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

std::vector<double> multiples(double step, double low, double high) {
  constexpr int most = 50;
  const double slack = 1e-9 * step;
  std::vector<double> ticks;
  for (double i = std::ceil((low - slack) / step); i * step <= high + slack && ticks.size() < most;
       ++i)
    ticks.push_back(i * step + 0.0);
  return ticks;
}

/// How many decimals tell the ticks apart.
int decimals(const std::vector<double>& ticks) {
  double least = 0;
  for (std::size_t i = 1; i < ticks.size(); ++i)
    if (const double step = ticks[i] - ticks[i - 1]; least == 0 || step < least) least = step;
  return least > 0 ? std::max(0, static_cast<int>(-std::floor(std::log10(least * (1 + 1e-9))))) : 0;
}

std::string plain(double value, int decimals) {
  return fmt::format("{:.{}f}", value + 0.0, decimals);
}

/// Without zeros at the end: 1e-4 and 2.5.
std::string shortest(double value) { return fmt::format("{:.6g}", value + 0.0); }

}  // namespace

std::vector<double> round_ticks(double low, double high, int about) {
  const double step = round_step((high - low) / std::max(about, 1));
  if (!std::isfinite(step) || step <= 0) return {low};
  return multiples(step, low, high);
}

std::vector<double> decade_ticks(double low, double high, int about) {
  std::vector<double> powers;
  const double first = std::ceil(std::log10(low) - 1e-9),
               last = std::floor(std::log10(high) + 1e-9);
  const double stride = std::max(1.0, std::ceil((last - first + 1) / std::max(about, 1)));
  for (double power = first; power <= last; power += stride) powers.push_back(std::pow(10, power));
  if (powers.size() >= 2) return powers;
  std::vector<double> finer;
  for (double power = std::floor(std::log10(low)); power <= last + 1; ++power)
    for (const double factor : {1.0, 2.0, 5.0})
      if (const double tick = factor * std::pow(10, power); tick >= low && tick <= high)
        finer.push_back(tick);
  return finer.size() >= 3 ? finer : round_ticks(low, high, about);
}

std::vector<double> time_ticks(double low, double high, int about) {
  constexpr std::array steps{1.0,    2.0,    5.0,     10.0,    20.0,    30.0,
                             60.0,   120.0,  300.0,   600.0,   1200.0,  1800.0,
                             3600.0, 7200.0, 10800.0, 21600.0, 43200.0, 86400.0};
  const double rough = (high - low) / std::max(about, 1);
  if (rough < steps.front()) return round_ticks(low, high, about);
  for (const double step : steps)
    if (step >= rough) return multiples(step, low, high);
  const double day = steps.back();
  return multiples(day * std::max(1.0, round_step(rough / day)), low, high);
}

std::vector<std::string> tick_labels(const std::vector<double>& ticks) {
  double most = 0;
  for (const double tick : ticks) most = std::max(most, std::abs(tick));
  const int places = decimals(ticks);
  const bool is_even =
      ticks.size() == 2 ||
      (ticks.size() > 2 && std::abs((ticks[2] - ticks[1]) / (ticks[1] - ticks[0]) - 1) < 1e-6);
  std::vector<std::string> labels;
  for (const double tick : ticks)
    labels.push_back(is_even && most < 1e6 && places <= 5 ? plain(tick, places) : shortest(tick));
  return labels;
}

std::vector<std::string> time_labels(const std::vector<double>& ticks) {
  const double most = ticks.empty() ? 0 : ticks.back();
  const auto [unit, size] = most >= 2 * 86400.0 ? std::pair{"d", 86400.0}
                            : most >= 7200      ? std::pair{"h", 3600.0}
                            : most >= 120       ? std::pair{"min", 60.0}
                                                : std::pair{"s", 1.0};
  std::vector<std::string> labels;
  for (const double tick : ticks) labels.push_back(fmt::format("{:.4g} {}", tick / size, unit));
  return labels;
}

}  // namespace runner::figure
