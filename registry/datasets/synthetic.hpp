#pragma once

#include "registry/datasets/dataset.hpp"
#include "registry/datasets/prepared.hpp"
#include "registry/field.hpp"

#include <cstdint>
#include <vector>

namespace runner {

struct Synthetic {
  static constexpr auto summary = "made in memory: one random prototype per class, plus noise";
  int classes = 10;
  std::int64_t samples = 10000;
  std::int64_t eval_samples = 2000;
  std::vector<std::int64_t> shape{1, 28, 28};
  double noise = 0.25;
  double mean = 0.5;
  double std = 0.28;
  std::int64_t seed = 0;
  static constexpr auto fields() {
    return std::tuple{
        field("classes", &Synthetic::classes, "number of classes, in turn", range(2, 256)),
        field("samples", &Synthetic::samples, "samples to train on", at_least(1)),
        field("eval_samples", &Synthetic::eval_samples, "samples to evaluate on", at_least(1)),
        field("shape", &Synthetic::shape, "shape of one sample", at_least(1)),
        field("noise", &Synthetic::noise,
              "standard deviation of the noise on a pixel, whose range is 0 to 1", range(0, 10)),
        field("mean", &Synthetic::mean, "subtracted from a pixel, whose range is 0 to 1",
              range(0, 1)),
        field("std", &Synthetic::std, "a pixel is then divided by this", above(0)),
        field("seed", &Synthetic::seed, "same seed, same data, on every machine")};
  }
};

/// Throws DataError when a sample has no pixels or the whole is beyond 64 GiB.
Prepared prepare(const Synthetic& options, const Preparation& preparation);

/// Each process makes its own copy: 9.4 MB with the defaults.
Dataset load(const Synthetic& options, const Prepared& prepared);
SampleType sample_type(const Synthetic& options);

}  // namespace runner
