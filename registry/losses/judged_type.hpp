#pragma once

#include "registry/data/sample_type.hpp"

#include <cstdint>
#include <string>

namespace runner {

/// What a loss and a metric look at: a target of a batch, and a model's output for it.
struct JudgedType {
  FieldType target;
  std::int64_t outputs = 0;     ///< classes or numbers
  std::int64_t class_axis = 1;  ///< of the output: [N, C], [N, C, d...], or -1 for [N, T, C]
  /// Targets of this class are not counted.
  std::int64_t ignored = ignored_class;

  bool may_ignore() const { return target.ignores || (0 <= ignored && ignored < target.count); }
};

/// Of a resolved model {name, field...} on samples with a target.
JudgedType judged_type(const Json& model, const SampleType& type);

}  // namespace runner
