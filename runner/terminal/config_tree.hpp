#pragma once

#include "experiments/run.hpp"

#include <string>
#include <vector>

namespace runner {

/// A config as an indented tree, with where each value came from. A component's name stands on the
/// component's own line, above its fields. At most `width` columns wide (0: no limit).
std::string config_tree(const std::vector<Setting>& settings, int width);

}  // namespace runner
