#pragma once

#include "registry/data/sample_type.hpp"
#include "registry/field.hpp"
#include "registry/goal.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace runner {

class Metric;
struct MetricShape;

struct TopK {
  static constexpr auto summary = "share of samples whose class is among the k likeliest: top_K";

  static constexpr std::array measures{Measure{"top_N", Goal::greater}};

  std::int64_t k = 5;

  static constexpr auto fields() {
    return std::tuple{field("k", &TopK::k, "how many classes count", at_least(1))};
  }
  std::string misfit(const SampleType& type) const;
  std::vector<std::string> names() const { return {"top_" + std::to_string(k)}; }
};

std::unique_ptr<Metric> build(const TopK& options, const MetricShape& shape);

}  // namespace runner
