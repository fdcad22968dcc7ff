#pragma once

#include "registry/field.hpp"
#include "registry/goal.hpp"

#include <array>
#include <memory>

namespace runner {

class Metric;
struct MetricShape;

struct Perplexity {
  static constexpr auto summary = "e to the mean negative log-likelihood of the true classes";
  static constexpr auto fields() { return std::tuple{}; }
  static constexpr std::array measures{Measure{"perplexity", Goal::smaller}};
};

std::unique_ptr<Metric> build(const Perplexity& options, const MetricShape& shape);

}  // namespace runner
