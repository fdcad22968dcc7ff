#include "registry/schedulers/wsd.hpp"

#include "registry/schedulers/cosine_curve.hpp"

#include <algorithm>
#include <cmath>

namespace runner {
namespace {

struct Parts {
  double stable, decay;
};

Parts parts(const Wsd& options, const Length& length) {
  const auto total = length.total(unit_of(options.interval));
  const auto at_least_1 = [](std::int64_t count) { return std::max<std::int64_t>(1, count); };
  const auto decay =
      options.decay.value_or(at_least_1(options.stable ? total - *options.stable : total / 10));
  const auto stable = options.stable.value_or(std::max<std::int64_t>(0, total - decay));
  return {static_cast<double>(stable), static_cast<double>(decay)};
}

/// From 1 to 0, as `share` goes from 0 to 1.
double decayed(const std::string& type, double share) {
  if (type == "linear") return 1 - share;
  return type == "cosine" ? cosine_curve(1, 0, share) : 1 - std::sqrt(share);
}

}  // namespace

std::unique_ptr<Schedule> build(const Wsd& options, const Length& length) {
  const auto [stable, decay] = parts(options, length);
  return by_formula(length, options.interval,
                    [options, stable = stable, decay = decay](double base, double completed) {
                      const double share = std::clamp((completed - stable) / decay, 0.0, 1.0);
                      const double left = decayed(options.decay_type, share);
                      return base * (left * (1 - options.min_lr_ratio) + options.min_lr_ratio);
                    });
}

}  // namespace runner
