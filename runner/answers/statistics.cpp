#include "runner/answers/statistics.hpp"

#include <cmath>
#include <limits>

#include <boost/math/distributions/students_t.hpp>

namespace runner {
namespace {

using boost::math::complement;
// Not promoted to long double, whose tables would be computed at every start of the program.
using Policy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
using StudentsT = boost::math::students_t_distribution<double, Policy>;

/// The variance of the sample's mean; of two values or more.
double squared_error(std::span<const double> values) {
  return squared(*standard_deviation(values)) / static_cast<double>(values.size());
}

}  // namespace

double mean(std::span<const double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  double above_first = 0;
  for (const auto value : values) above_first += value - values.front();
  return values.front() + above_first / static_cast<double>(values.size());
}

std::optional<double> standard_deviation(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  const double middle = mean(values);
  double sum = 0;
  for (const auto value : values) sum += squared(value - middle);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

std::optional<ConfidenceInterval> confidence_interval(std::span<const double> values,
                                                      double level) {
  if (values.size() < 2) return std::nullopt;
  const StudentsT distribution(static_cast<double>(values.size() - 1));
  const double reach =
      quantile(complement(distribution, (1 - level) / 2)) * std::sqrt(squared_error(values));
  return ConfidenceInterval{mean(values) - reach, mean(values) + reach};
}

std::optional<WelchTest> welch_test(std::span<const double> a, std::span<const double> b) {
  if (a.size() < 2 || b.size() < 2) return std::nullopt;
  const double of_a = squared_error(a), of_b = squared_error(b), both = of_a + of_b;
  if (both == 0) return std::nullopt;
  const double t = (mean(a) - mean(b)) / std::sqrt(both);
  const double share_a = of_a / both, share_b = of_b / both;
  const double freedom = 1 / (squared(share_a) / static_cast<double>(a.size() - 1) +
                              squared(share_b) / static_cast<double>(b.size() - 1));
  return WelchTest{t, freedom, 2 * cdf(complement(StudentsT(freedom), std::abs(t)))};
}

}  // namespace runner
