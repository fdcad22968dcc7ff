#pragma once

#include "registry/field.hpp"

#include <memory>
#include <string>
#include <vector>

namespace runner {

class Metric;
struct MetricShape;

struct Perplexity {
  static constexpr auto summary = "e to the mean negative log-likelihood of the true classes";
  static constexpr auto fields() { return std::tuple{}; }
  static std::vector<std::string> names() { return {"perplexity"}; }
};

std::unique_ptr<Metric> build(const Perplexity& options, const MetricShape& shape);

}  // namespace runner
