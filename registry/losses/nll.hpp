#pragma once

#include "registry/field.hpp"

#include <memory>

namespace runner {

struct Loss;

struct Nll {
  static constexpr auto summary = "negative log-likelihood of log-probabilities";
  static constexpr auto needs = "log-probabilities";
  static constexpr auto fields() { return std::tuple{}; }
};

std::unique_ptr<Loss> build(const Nll& options);

}  // namespace runner
