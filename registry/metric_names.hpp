#pragma once

#include "registry/components.hpp"

#include <string>
#include <vector>

namespace runner {

/// The numbers that a resolved metric {name, field...} gives, by its description alone: {"top_5"}.
/// "f1/N" stands for one of each class.
std::vector<std::string> names_of_metric(const Json& component);

}  // namespace runner
