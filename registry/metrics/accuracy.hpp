#pragma once

#include "registry/field.hpp"
#include "registry/goal.hpp"

#include <array>
#include <memory>

namespace runner {

class Metric;
struct MetricShape;

struct Accuracy {
  static constexpr auto summary =
      "share of samples, or of tokens, whose class is the likeliest; always measured of classes";
  static constexpr auto fields() { return std::tuple{}; }
  static constexpr std::array measures{Measure{"accuracy", Goal::greater}};
};

std::unique_ptr<Metric> build(const Accuracy& options, const MetricShape& shape);

}  // namespace runner
