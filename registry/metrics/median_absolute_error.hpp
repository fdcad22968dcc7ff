#pragma once

#include "registry/field.hpp"
#include "registry/goal.hpp"
#include "registry/target.hpp"

#include <array>
#include <memory>

namespace runner {

class Metric;
struct MetricShape;

/// sklearn.metrics.median_absolute_error: the median over samples, then the mean over numbers.
struct MedianAbsoluteError {
  static constexpr auto summary = "the median over samples of the size of the error";
  static constexpr auto target = Target::numbers;
  static constexpr auto fields() { return std::tuple{}; }
  static constexpr std::array measures{Measure{"median_absolute_error", Goal::smaller}};
};

std::unique_ptr<Metric> build(const MedianAbsoluteError& options, const MetricShape& shape);

}  // namespace runner
