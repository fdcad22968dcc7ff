#pragma once

#include <optional>
#include <span>

namespace runner {

inline double squared(double value) { return value * value; }

/// NaN of no values; exact for equal ones.
double mean(std::span<const double> values);

/// Of a sample: with n - 1. None of fewer than two values.
std::optional<double> standard_deviation(std::span<const double> values);

struct ConfidenceInterval {
  double low, high;
};

/// Student's, of the mean that a sample is drawn from. None of fewer than two values.
std::optional<ConfidenceInterval> confidence_interval(std::span<const double> values,
                                                      double level = 0.95);

struct WelchTest {
  double t;  ///< above 0 where the first mean is the greater
  double degrees_of_freedom;
  double p;  ///< two-sided
};

/// Welch's test of equal means for samples of unequal variances, with the degrees of freedom of
/// Welch and Satterthwaite. None where a sample has fewer than two values or neither varies:
/// nothing says then how much they vary by chance.
std::optional<WelchTest> welch_test(std::span<const double> a, std::span<const double> b);

}  // namespace runner
