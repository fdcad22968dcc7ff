#pragma once

#include "registry/field.hpp"
#include "registry/goal.hpp"

#include <array>
#include <memory>

namespace runner {

class Metric;
struct MetricShape;

/// sklearn.metrics.confusion_matrix: entry [i, j] is how many samples of class i were found to be
/// of class j.
struct ConfusionMatrix {
  static constexpr auto summary =
      "how often each class was found where each was true; runner plot RUN --confusion draws it";
  static constexpr auto fields() { return std::tuple{}; }
  static constexpr std::array<Measure, 0> measures{};
};

std::unique_ptr<Metric> build(const ConfusionMatrix& options, const MetricShape& shape);

}  // namespace runner
