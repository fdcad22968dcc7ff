#include "runner/search/axis.hpp"

#include "tests/runner/search/axes.hpp"

#include <cmath>
#include <map>

#include <doctest/doctest.h>

using namespace runner;

namespace {

/// How often each value comes when the interval is cut in so many equal parts.
std::map<std::int64_t, int> counts(const Axis& axis, int parts) {
  std::map<std::int64_t, int> out;
  for (int i = 0; i < parts; ++i) ++out[from_unit(axis, (i + 0.5) / parts).get<std::int64_t>()];
  return out;
}

using enum Axis::Kind;

}  // namespace

TEST_CASE("a search's real axes run from their low to their high end and not beyond") {
  for (const auto& each : {axis(uniform, -0.3, 0.7), axis(log_uniform, 1e-4, 10)}) {
    const double first = from_unit(each, 0), last = from_unit(each, 1);
    CHECK(first == doctest::Approx(each.low));
    CHECK(last == doctest::Approx(each.high));
    CHECK(first >= each.low);
    CHECK(last <= each.high);
  }
  CHECK(from_unit(axis(uniform, -1, 3), 0.25).get<double>() == 0);
  CHECK(from_unit(axis(log_uniform, 1e-4, 1), 0.5).get<double>() == doctest::Approx(1e-2));
}

TEST_CASE("each integer and each choice of a search has an equal share") {
  const auto whole = counts(axis(int_uniform, -2, 2), 1000);
  CHECK(whole == std::map<std::int64_t, int>{{-2, 200}, {-1, 200}, {0, 200}, {1, 200}, {2, 200}});
  const auto chosen = counts(axis(choice, 0, 0, 4), 1000);
  CHECK(chosen == std::map<std::int64_t, int>{{0, 250}, {1, 250}, {2, 250}, {3, 250}});
}

TEST_CASE("an integer on a log scale has the share from half below it to half above") {
  const auto shares = counts(axis(int_log_uniform, 1, 8), 100'000);
  REQUIRE(shares.size() == 8);
  for (const auto& [k, count] : shares) {
    const auto x = static_cast<double>(k);
    CHECK(count / 1e5 ==
          doctest::Approx(std::log((x + 0.5) / (x - 0.5)) / std::log(17.0)).epsilon(1e-3));
  }
}

TEST_CASE("a value of a search goes to the interval and back") {
  for (const auto& each :
       {axis(int_uniform, -3, 12), axis(int_log_uniform, 1, 300), axis(choice, 0, 0, 7)}) {
    const std::int64_t first = each.is_integer() ? static_cast<std::int64_t>(each.low) : 0;
    for (std::int64_t value = first; value < first + *each.count(); ++value)
      CHECK(from_unit(each, to_unit(each, value)) == value);
  }
  for (const auto& each : {axis(uniform, -3, 12), axis(log_uniform, 1e-6, 1e3)})
    for (const double unit : {0.0, 0.1, 0.5, 0.9, 1.0})
      CHECK(to_unit(each, from_unit(each, unit)) == doctest::Approx(unit));
}

TEST_CASE("the ends of a search's axis give its outermost values and nothing beyond") {
  CHECK(from_unit(axis(int_uniform, 1, 8), 0) == 1);
  CHECK(from_unit(axis(int_uniform, 1, 8), 1) == 8);
  CHECK(from_unit(axis(int_log_uniform, 16, 1024), 0) == 16);
  CHECK(from_unit(axis(int_log_uniform, 16, 1024), 1) == 1024);
  CHECK(from_unit(axis(choice, 0, 0, 3), 1) == 2);
}
