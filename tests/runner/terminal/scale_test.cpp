#include "runner/terminal/scale.hpp"

#include "runner/terminal/sweep_view.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

Scale scale(std::vector<double> values) { return Scale(values); }

std::string ticks(const Scale& scale) {
  std::string text;
  for (const auto tick : scale.ticks()) text += short_number(tick) + " ";
  return text;
}

}  // namespace

TEST_CASE("a scale is logarithmic where its values are above 0 and span more than two decades") {
  CHECK(scale({0.001, 1}).is_logarithmic());
  CHECK_FALSE(scale({0.01, 1}).is_logarithmic());
  CHECK_FALSE(scale({0, 1000}).is_logarithmic());
  CHECK(scale({0.001, 1000}).place(1) == doctest::Approx(0.5));
  CHECK(scale({0.001, 1000}).value_at(0.5) == doctest::Approx(1));
  CHECK(scale({10, 20}).place(12.5) == doctest::Approx(0.25));
  CHECK(scale({-1e308, 1e308}).place(0) == doctest::Approx(0.5));
  CHECK(scale({0, 5e-324}).place(5e-324) == 1);
  CHECK(scale({7, 7}).place(7) == 0.5);
}

TEST_CASE("a scale's ticks are its ends, then round numbers") {
  CHECK(ticks(scale({0.0003, 0.5})) == "0.0003 0.5 0.001 0.01 0.1 ");
  CHECK(ticks(scale({-3, 59})) == "-3 59 0 20 40 ");
  CHECK(ticks(scale({0.1, 0.35})) == "0.1 0.35 0.1 0.15 0.2 0.25 0.3 ");
  CHECK(ticks(scale({7, 7})) == "7 ");
}

TEST_CASE("a short number takes ten columns at most") {
  CHECK(short_number(65536) == "65536");
  CHECK(short_number(1e6) == "1e+06");
  CHECK(short_number(-0.00012344) == "-0.0001234");
  CHECK(short_number(-1.23456e-107) == "-1.23e-107");
  CHECK(short_number(-0.0) == "0");
}

TEST_CASE("a text is broken at blanks, and a legend between its parts first") {
  CHECK(wrapped("one two three", 9) == "one two\nthree\n");
  CHECK(wrapped("アイウエオ one", 7) == "アイウ…\none\n");
  CHECK(legend_lines({"best: 1", "× failed: 2"}, 40) == "best: 1   × failed: 2\n");
  CHECK(legend_lines({"best: 1", "× failed: 2"}, 15) == "best: 1\n× failed: 2\n");
}
