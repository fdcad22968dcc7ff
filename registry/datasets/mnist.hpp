#pragma once

#include "registry/datasets/dataset.hpp"
#include "registry/datasets/prepared.hpp"
#include "registry/field.hpp"

#include <optional>
#include <string>

namespace runner {

struct Mnist {
  static constexpr auto summary =
      "handwritten digits: 60,000 + 10,000 grey images of 28 x 28, 10 classes";
  std::optional<std::string> root;
  double mean = 0.1307;
  double std = 0.3081;
  std::optional<std::string> fallback;
  static constexpr auto fields() {
    return std::tuple{
        field("root", &Mnist::root,
              "folder with the four IDX files, gzipped or not; looked at first"),
        field("mean", &Mnist::mean, "subtracted from a pixel, whose range is 0 to 1", range(0, 1)),
        field("std", &Mnist::std, "a pixel is then divided by this", above(0)),
        field("fallback", &Mnist::fallback, "dataset to use when this one can't be had",
              one_of<"fashion_mnist">)};
  }
};

/// Source: Y. LeCun, C. Cortes, C. Burges, http://yann.lecun.com/exdb/mnist/.
Prepared prepare(const Mnist& options, const Preparation& preparation);
Dataset load(const Mnist& options, const Prepared& prepared);
SampleType sample_type(const Mnist& options);

}  // namespace runner
