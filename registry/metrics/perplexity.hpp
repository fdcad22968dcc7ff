#pragma once

#include "registry/field.hpp"

#include <memory>

namespace runner {

class Metric;
struct MetricShape;

struct Perplexity {
  static constexpr auto summary = "e to the mean negative log-likelihood of the true classes";
  static constexpr auto fields() { return std::tuple{}; }
};

std::unique_ptr<Metric> build(const Perplexity& options, const MetricShape& shape);

}  // namespace runner
