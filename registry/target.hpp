#pragma once

#include "registry/components.hpp"

namespace runner {

/// What is to be told of a sample, and what a loss or a metric can judge. Losses and metrics
/// for numbers say `static constexpr auto target = Target::numbers`.
enum class Target { classes, numbers };

struct SampleType;

/// What there is to be told.
Target target_of_dataset(const SampleType& type);
// Of resolved components {name, field...}, by their names alone.
Target target_of_loss(const Json& component);
Target target_of_metric(const Json& component);

}  // namespace runner
