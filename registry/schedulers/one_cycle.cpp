#include "registry/schedulers/one_cycle.hpp"

#include "registry/schedulers/cosine_curve.hpp"

#include <array>

namespace runner {
namespace {

/// A slope up to the interval `end`, to a factor on the peak.
struct Slope {
  double end;
  double to;
};

/// PyTorch's two or three phases; of two, the last stands for both.
std::array<Slope, 3> slopes(const OneCycle& options, double total) {
  const double start = 1 / options.div_factor;
  const double low = start / options.final_div_factor;
  const double top = options.pct_start * total - 1;
  if (!options.three_phase) return {{{top, 1}, {total - 1, low}, {total - 1, low}}};
  return {{{top, 1}, {2 * options.pct_start * total - 2, start}, {total - 1, low}}};
}

double factor(const OneCycle& options, double total, double completed) {
  double begin = 0, from = 1 / options.div_factor;
  for (const auto& slope : slopes(options, total)) {
    if (completed <= slope.end) {
      const double share = slope.end > begin ? (completed - begin) / (slope.end - begin) : 1;
      return options.anneal_strategy == "cos" ? cosine_curve(from, slope.to, share)
                                              : from + (slope.to - from) * share;
    }
    begin = slope.end;
    from = slope.to;
  }
  return from;
}

}  // namespace

std::unique_ptr<Schedule> build(const OneCycle& options, const Length& length) {
  const auto total = or_all(options.total_steps, length, options.interval);
  return by_formula(length, options.interval, [options, total](double base, double completed) {
    return options.max_lr.value_or(base) * factor(options, total, completed);
  });
}

}  // namespace runner
