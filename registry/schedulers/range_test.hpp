#pragma once

#include "registry/schedulers/formula.hpp"

#include <algorithm>
#include <cmath>

namespace runner {

/// The learning rate range test of https://arxiv.org/abs/1506.01186, growing by the same factor at
/// each step, as fastai's and Lightning's lr_find do.
struct RangeTest {
  static constexpr auto summary =
      "grows by the same factor at each step until the learning rate; what lr-find trains with";

  double start_factor = 1e-8;
  WarmUp warm_up;

  static constexpr auto fields() {
    return std::tuple{
        field("start_factor", &RangeTest::start_factor,
              "the first step's share of the learning rate", above(0)),
        part(&RangeTest::warm_up),
    };
  }
};

inline std::unique_ptr<Schedule> build(const RangeTest& options, const Length& length) {
  const auto last = std::max<double>(1, static_cast<double>(length.total(Unit::steps)) - 1);
  return by_formula(length, "step", [start = options.start_factor, last](double base, double done) {
    return base * std::pow(start, 1 - std::min(done / last, 1.0));
  });
}

}  // namespace runner
