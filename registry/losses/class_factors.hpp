#pragma once

#include "registry/field.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace runner {

/// What a recipe can say about the weights of classes.
struct ClassFactors {
  std::vector<double> weight;

  static constexpr auto fields() {
    return std::tuple{field("weight", &ClassFactors::weight,
                            "a factor for each class; the mean is over the samples' factors",
                            at_least(0))};
  }

  std::string conflict() const {
    const bool all_zero =
        std::all_of(weight.begin(), weight.end(), [](double w) { return w == 0; });
    return all_zero && !weight.empty() ? "weight is 0 for every class" : "";
  }
};

}  // namespace runner
