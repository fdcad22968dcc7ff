#include "runner/answers/statistics.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

using namespace runner;

// The expected values are SciPy 1.17.1's:
//   import numpy as np; from scipy import stats
//   np.std(x, ddof=1)
//   stats.t.interval(0.95, len(x) - 1, loc=np.mean(x), scale=stats.sem(x))
//   r = stats.ttest_ind(x, y, equal_var=False); r.statistic, r.df, r.pvalue

namespace {

const std::vector<double> a{0.9912, 0.9908, 0.9921, 0.9899, 0.9915};
const std::vector<double> b{0.9881, 0.9902, 0.9876};

bool near(double value, double expected) {
  return std::abs(value - expected) <= 1e-10 * std::abs(expected);
}

bool near(const std::optional<ConfidenceInterval>& interval, double low, double high) {
  return interval && near(interval->low, low) && near(interval->high, high);
}

bool near(const std::optional<WelchTest>& test, double t, double freedom, double p) {
  return test && near(test->t, t) && near(test->degrees_of_freedom, freedom) && near(test->p, p);
}

}  // namespace

TEST_CASE("mean and standard deviation are those of SciPy") {
  CHECK(near(mean(a), 0.9911));
  CHECK(near(*standard_deviation(a), 0.0008215838362577465));
  CHECK(near(*standard_deviation(b), 0.0013796134724382992));
  const std::vector<double> large{1e9 + 1, 1e9 + 2, 1e9 + 4};
  CHECK(near(*standard_deviation(large), 1.5275252316519474));
}

TEST_CASE("the interval of a mean is that of SciPy") {
  CHECK(near(confidence_interval(a), 0.9900798689290126, 0.9921201310709874));
  CHECK(near(confidence_interval(b), 0.9852061834788106, 0.9920604831878561));
}

TEST_CASE("Welch's test is that of SciPy") {
  CHECK(near(welch_test(a, b), 2.8120421809490623, 2.876571253332421, 0.07051716301655778));
  const std::vector<double> few{1, 2, 3, 4}, more{10, 20, 30, 40, 50, 60};
  CHECK(near(welch_test(few, more), -4.240132474847375, 5.071252444520025, 0.00791703102961158));
}

TEST_CASE("Welch's test takes one sample without variance, but not two") {
  const std::vector<double> constant{0.99, 0.99};
  CHECK(near(welch_test(a, constant), 2.9938207967349775, 4.0, 0.04018621825542596));
  CHECK_FALSE(welch_test(constant, std::vector<double>{0.98, 0.98}));
}

TEST_CASE("one value has a mean, but neither deviation nor interval nor test") {
  const std::vector<double> one{0.5};
  CHECK(mean(one) == 0.5);
  CHECK_FALSE(standard_deviation(one));
  CHECK_FALSE(confidence_interval(one));
  CHECK_FALSE(welch_test(one, a));
  CHECK_FALSE(welch_test(a, one));
  CHECK(std::isnan(mean({})));
}

TEST_CASE("equal values have no deviation at all, and an interval of no width") {
  const std::vector<double> equal{0.1, 0.1, 0.1};
  CHECK(mean(equal) == 0.1);
  CHECK(*standard_deviation(equal) == 0);
  CHECK(confidence_interval(equal)->low == 0.1);
  CHECK(confidence_interval(equal)->high == 0.1);
}
