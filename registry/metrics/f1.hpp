#pragma once

#include "registry/field.hpp"
#include "registry/goal.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace runner {

class Metric;
struct MetricShape;

/// As sklearn.metrics.precision_recall_fscore_support has them; a share of nothing is 0. Means over
/// classes leave out those that neither occur nor are found.
struct F1 {
  static constexpr auto summary =
      "precision, recall and their harmonic mean f1, from the counts of "
      "each pair of true and found class";

  static constexpr std::array measures{Measure{"precision", Goal::greater},
                                       Measure{"recall", Goal::greater},
                                       Measure{"f1", Goal::greater}};

  std::string average = "macro";
  bool per_class = false;

  static constexpr auto fields() {
    return std::tuple{
        field("average", &F1::average,
              "over the classes that occur or are found: each alike (macro), by its samples "
              "(weighted), or over all samples "
              "(micro)",
              one_of<"macro", "weighted", "micro">),
        field("per_class", &F1::per_class, "record each class, too, as f1/3"),
    };
  }
  std::vector<std::string> names() const {
    if (!per_class) return {"precision", "recall", "f1"};
    return {"precision", "recall", "f1", "precision/N", "recall/N", "f1/N"};
  }
};

std::unique_ptr<Metric> build(const F1& options, const MetricShape& shape);

}  // namespace runner
