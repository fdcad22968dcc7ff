#pragma once

#include "registry/datasets/dataset.hpp"
#include "registry/datasets/prepared.hpp"
#include "registry/field.hpp"

#include <optional>
#include <string>

namespace runner {

struct FashionMnist {
  static constexpr auto summary = "clothes: 60,000 + 10,000 grey images of 28 x 28, 10 classes";
  std::optional<std::string> root;
  double mean = 0.2860;
  double std = 0.3530;
  static constexpr auto fields() {
    return std::tuple{
        field("root", &FashionMnist::root,
              "folder with the four IDX files, gzipped or not; looked at first"),
        field("mean", &FashionMnist::mean, "subtracted from a pixel, whose range is 0 to 1",
              range(0, 1)),
        field("std", &FashionMnist::std, "a pixel is then divided by this", above(0))};
  }
};

/// Source: H. Xiao, K. Rasul, R. Vollgraf, https://github.com/zalandoresearch/fashion-mnist (MIT
/// licence).
Prepared prepare(const FashionMnist& options, const Preparation& preparation);
Dataset load(const FashionMnist& options, const Prepared& prepared);
SampleType sample_type(const FashionMnist& options);

}  // namespace runner
