#include "runner/answers/run_curves.hpp"

#include <cmath>

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("smoothing is an average that does not start at zero, and passes over a NaN") {
  CHECK(smoothed({4, 0, 8}, 0) == std::vector<double>{4, 0, 8});
  const auto out = smoothed({4, std::nan(""), 0, 8}, 0.5);
  CHECK(out[0] == doctest::Approx(4));
  CHECK(std::isnan(out[1]));
  CHECK(out[2] == doctest::Approx(4.0 / 3));
  CHECK(out[3] == doctest::Approx(36.0 / 7));
}
