#include "registry/schedulers/inverse_sqrt.hpp"

#include <algorithm>
#include <cmath>

namespace runner {
namespace {

std::int64_t timescale(const InverseSqrt& options, const Length& length) {
  if (options.timescale) return *options.timescale;
  const auto& warmup = options.warm_up.warmup;
  if (!warmup) return 10000;
  const auto unit = unit_of(options.interval);
  if (warmup->unit == unit) return warmup->count;
  auto run = length;
  run.first_step = 0;
  const auto end = run.after_step(run.after(*warmup).first_step);
  return std::max<std::int64_t>(1, run.completed(end, unit));
}

}  // namespace

std::unique_ptr<Schedule> build(const InverseSqrt& options, const Length& length) {
  const auto scale = static_cast<double>(timescale(options, length));
  return by_formula(length, options.interval, [scale](double base, double completed) {
    return base / std::sqrt((completed + scale) / scale);
  });
}

}  // namespace runner
