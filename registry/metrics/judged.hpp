#pragma once

#include "registry/batch/batch.hpp"
#include "registry/losses/judged_type.hpp"

#include <optional>

#include <ATen/core/Tensor.h>

namespace runner {

/// A batch as metrics see it: one row for each thing that is told of it, a sample or a token.
struct Judged {
  at::Tensor output;   ///< [M, classes or numbers]
  at::Tensor targets;  ///< [M] class indices, or [M, numbers]
  const Batch& batch;  ///< all that is known of the samples
};

/// Targets of the class `ignored` are left out, with their outputs, where the type says that there
/// may be some.
Judged judge(const JudgedType& type, const Output& output, const Batch& batch);

}  // namespace runner
