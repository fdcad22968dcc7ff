#pragma once

#include "registry/field.hpp"
#include "registry/target.hpp"

#include <memory>
#include <string>
#include <vector>

namespace runner {

class Metric;
struct MetricShape;

/// sklearn.metrics.mean_absolute_error.
struct MeanAbsoluteError {
  static constexpr auto summary = "mean of the sizes of the errors";
  static constexpr auto target = Target::numbers;
  static constexpr auto fields() { return std::tuple{}; }
  static std::vector<std::string> names() { return {"mae"}; }
};

std::unique_ptr<Metric> build(const MeanAbsoluteError& options, const MetricShape& shape);

}  // namespace runner
