#pragma once

#include "registry/field.hpp"
#include "registry/goal.hpp"
#include "registry/target.hpp"

#include <array>
#include <memory>

namespace runner {

class Metric;
struct MetricShape;

/// sklearn.metrics.r2_score: 1 - (sum of squared errors) / (sum of squares about the targets'
/// mean), the mean over the numbers of a sample. Targets that are all alike give 1 when they are
/// met and 0 otherwise; fewer than two samples, NaN.
struct R2 {
  static constexpr auto summary = "share of the variance of the targets that is explained";
  static constexpr auto target = Target::numbers;
  static constexpr auto fields() { return std::tuple{}; }
  static constexpr std::array measures{Measure{"r2", Goal::greater}};
};

std::unique_ptr<Metric> build(const R2& options, const MetricShape& shape);

}  // namespace runner
