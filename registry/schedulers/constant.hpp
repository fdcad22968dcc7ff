#pragma once

#include "registry/schedulers/formula.hpp"

namespace runner {

struct Constant {
  static constexpr auto summary = "the same learning rate throughout, or after a warm-up";

  WarmUp warm_up;

  static constexpr auto fields() { return std::tuple{part(&Constant::warm_up)}; }
};

inline std::unique_ptr<Schedule> build(const Constant&, const Length& length) {
  return by_formula(length, "step", [](double base, double) { return base; });
}

}  // namespace runner
