#pragma once

#include "registry/datasets/dataset.hpp"
#include "runner/recipe/sections.hpp"

namespace runner {

/// Leaves of a dataset what a recipe wants: `train.limit_batches`, `eval.limit_batches`,
/// `eval.on`.
void limit(Dataset& dataset, const Train& train, const Eval& eval);

}  // namespace runner
