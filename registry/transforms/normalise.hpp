#pragma once

#include "registry/data/sample_type.hpp"
#include "registry/field.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace runner {

/// torchvision.transforms.Normalize: (x - mean) / std for each channel of images, or each feature.
struct Normalise {
  static constexpr auto summary = "take a mean away and divide by a deviation";

  std::vector<double> mean{0.0};
  std::vector<double> std{1.0};

  static constexpr auto fields() {
    return std::tuple{field("mean", &Normalise::mean,
                            "of all numbers, or of each channel or feature; pixels are 0 to 1"),
                      field("std", &Normalise::std, "the same", above(0))};
  }

  std::string conflict() const;
  /// Why it does not fit what a model is given; empty where it does.
  std::string misfit(const FieldType& field) const;
};

}  // namespace runner
