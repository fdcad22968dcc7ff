#pragma once

#include "registry/data/sample_type.hpp"
#include "registry/field.hpp"

#include <string>
#include <vector>

namespace runner {

/// What a recipe can say about which targets count, and how much.
struct ClassFactors {
  std::vector<double> weight;
  std::int64_t ignore_index = ignored_class;

  static constexpr auto fields() {
    return std::tuple{
        field("weight", &ClassFactors::weight,
              "a factor for each class; the mean is over the factors of the targets", at_least(0)),
        field("ignore_index", &ClassFactors::ignore_index,
              "targets of this class are not counted")};
  }

  std::string conflict() const;
  /// Why they do not fit the classes; empty where they do.
  std::string misfit(const SampleType& type) const;
};

}  // namespace runner
