#include "runner/terminal/chart.hpp"

#include <numeric>

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("a chart draws one column of dots for each value, with the extremes beside it") {
  REQUIRE(chart_resolution(17) == 20);
  std::vector<double> values(20);
  std::iota(values.rbegin(), values.rend(), 0.0);
  CHECK(chart(values, 17, 2) ==
        "        19 │⠉⠒⠢⢄⣀\n"
        "         0 │     ⠉⠑⠢⠤⣀\n");
}

TEST_CASE("a chart joins what lies apart") {
  CHECK(chart({1, 1, 1, 1, 0, 0, 0, 0}, 20, 2) ==
        "         1 │⠉⠉⡆\n"
        "         0 │  ⣇⣀\n");
}

TEST_CASE("a chart of equal values is one line") {
  CHECK(chart(std::vector<double>(20, 0.5), 10, 2) ==
        "       0.5 │⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉\n"
        "           │\n");
}
