#pragma once

#include "registry/field.hpp"
#include "registry/schedulers/schedule.hpp"

namespace runner {

struct Constant {
  static constexpr auto summary = "the same learning rate throughout";
  static constexpr auto fields() { return std::tuple{}; }
};

inline Schedule build(const Constant&) {
  return [](const Progress&) { return 1.0; };
}

}  // namespace runner
