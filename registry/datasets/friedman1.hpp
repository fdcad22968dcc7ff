#pragma once

#include "registry/datasets/dataset.hpp"
#include "registry/datasets/prepared.hpp"
#include "registry/field.hpp"
#include "registry/target.hpp"

#include <cstdint>

namespace runner {

/// sklearn.datasets.make_friedman1 (Friedman, Multivariate adaptive regression splines, 1991):
/// y = 10 sin(pi x0 x1) + 20 (x2 - 0.5)^2 + 10 x3 + 5 x4 + noise, with features even in [0, 1).
struct Friedman1 {
  static constexpr auto summary =
      "made in memory, for regression: Friedman's function of 5 features, among others that do "
      "not matter";

  std::int64_t samples = 10000;
  std::int64_t eval_samples = 2000;
  std::int64_t features = 10;
  double noise = 0;
  std::int64_t seed = 0;

  static constexpr auto fields() {
    return std::tuple{
        field("samples", &Friedman1::samples, "samples to train on", at_least(1)),
        field("eval_samples", &Friedman1::eval_samples, "samples to evaluate on", at_least(1)),
        field("features", &Friedman1::features, "numbers of a sample; the first five matter",
              range(5, 1e6)),
        field("noise", &Friedman1::noise,
              "standard deviation of what is added to the target, which lies from 0 to 30",
              at_least(0)),
        field("seed", &Friedman1::seed, "same seed, same data")};
  }
};

/// Throws DataError when the whole is beyond 64 GiB.
Prepared prepare(const Friedman1& options, const Preparation& preparation);

/// Each process makes its own copy: 0.5 MB with the defaults.
Dataset load(const Friedman1& options, const Prepared& prepared);
SampleType sample_type(const Friedman1& options);

}  // namespace runner
