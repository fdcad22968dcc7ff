#include "runner/answers/random_trees.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

/// 4 x 3 places, all known: 3 for each step of the first axis, 1 for each of the second.
GridSample plane(double offset) {
  GridSample sample{{{4, true}, {3, true}}, {}};
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 3; ++j) sample.points.push_back({{i, j}, offset + 3 * i + j});
  return sample;
}

}  // namespace

TEST_CASE("variances over a grid keep their digits where the mean is large beside the spread") {
  for (const double offset : {0.0, 1e6, -1e9}) {
    CAPTURE(offset);
    const auto found = variances_over_grid(plane(offset));
    REQUIRE(found.main_effects.size() == 2);
    // The variances of 0, 3, 6, 9 and of 0, 1, 2.
    CHECK(found.main_effects[0] == doctest::Approx(11.25).epsilon(1e-6));
    CHECK(found.main_effects[1] == doctest::Approx(2.0 / 3).epsilon(1e-6));
    CHECK(found.total == doctest::Approx(11.25 + 2.0 / 3).epsilon(1e-6));
  }
}
