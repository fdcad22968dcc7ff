#pragma once

#include "registry/components.hpp"

namespace runner {

/// What a dataset wants to be told of a sample, and what a loss or a metric can judge. Components
/// for numbers say `static constexpr auto target = Target::numbers`.
enum class Target { classes, numbers };

// Of resolved components {name, field...}, by their descriptions alone.

Target target_of_dataset(const Json& component);
Target target_of_loss(const Json& component);
Target target_of_metric(const Json& component);

}  // namespace runner
