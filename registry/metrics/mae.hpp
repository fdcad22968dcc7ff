#pragma once

#include "registry/field.hpp"
#include "registry/goal.hpp"
#include "registry/target.hpp"

#include <array>
#include <memory>

namespace runner {

class Metric;
struct MetricShape;

/// sklearn.metrics.mean_absolute_error.
struct MeanAbsoluteError {
  static constexpr auto summary = "mean of the sizes of the errors";
  static constexpr auto target = Target::numbers;
  static constexpr auto fields() { return std::tuple{}; }
  static constexpr std::array measures{Measure{"mae", Goal::smaller}};
};

std::unique_ptr<Metric> build(const MeanAbsoluteError& options, const MetricShape& shape);

}  // namespace runner
