#include "runner/search/median.hpp"

#include <limits>

#include <doctest/doctest.h>

using namespace runner;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr MedianRule always{0, 1};

// Means up to step 20: 0.8, 0.6, 0.5; up to 30: 0.7, 0.5, 0.6.
const std::vector<LearningCurve> three{{{10, 1.0}, {20, 0.6}, {30, 0.5}},
                                       {{10, 0.8}, {20, 0.4}, {30, 0.3}},
                                       {{10, 0.5}, {20, 0.5}, {30, 0.8}}};

}  // namespace

TEST_CASE("the median rule stops what is strictly worse than the median of the others' means") {
  CHECK(median_stops(always, {{10, 0.9}, {20, 0.61}}, three));
  CHECK_FALSE(median_stops(always, {{10, 0.9}, {20, 0.6}}, three));
  CHECK(median_stops(always, {{10, 0.9}, {20, 0.8}, {30, 0.61}}, three));
  CHECK_FALSE(median_stops(always, {{10, 0.9}, {20, 0.8}, {30, 0.6}}, three));
}

TEST_CASE("the median rule looks at the best that a trial has reached, not at its newest value") {
  CHECK_FALSE(median_stops(always, {{10, 0.55}, {20, 9.0}}, three));
}

TEST_CASE("the median of an even number of means lies between the two in the middle") {
  const std::vector<LearningCurve> two{{{1, 0.2}}, {{1, 0.4}}};
  CHECK_FALSE(median_stops(always, {{1, 0.3}}, two));
  CHECK(median_stops(always, {{1, 0.31}}, two));
}

TEST_CASE("the median rule passes over finished trials that had no value up to that step") {
  const std::vector<LearningCurve> others{{{100, 0.1}}, {{100, 0.1}}, {{10, 0.9}}};
  CHECK_FALSE(median_stops(always, {{10, 0.8}}, others));
  CHECK_FALSE(median_stops(always, {{5, 0.8}}, others));
  CHECK(median_stops(always, {{100, 0.8}}, others));
}

TEST_CASE("the median rule stops none before its first step or the startup trials") {
  const LearningCurve bad{{10, 9.0}, {20, 9.0}};
  CHECK(median_stops({20, 3}, bad, three));
  CHECK_FALSE(median_stops({21, 3}, bad, three));
  CHECK_FALSE(median_stops({20, 4}, bad, three));
  CHECK_FALSE(median_stops(always, bad, {}));
  CHECK_FALSE(median_stops(always, {}, three));
}

TEST_CASE("to the median rule, NaN is worse than any number") {
  CHECK(median_stops(always, {{10, not_a_number}}, three));
  CHECK_FALSE(median_stops(always, {{10, not_a_number}, {20, 0.5}}, three));
  const std::vector<LearningCurve> diverged{
      {{10, not_a_number}}, {{10, not_a_number}}, {{10, 0.1}}};
  CHECK_FALSE(median_stops(always, {{10, 9.0}}, diverged));
  CHECK_FALSE(median_stops(always, {{10, not_a_number}}, diverged));
}
