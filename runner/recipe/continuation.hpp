#pragma once

#include "registry/description.hpp"

#include <string>
#include <vector>

namespace runner {

/// What a checkpoint of a run with the resolved config `before` cannot go on as, of `after`:
/// "optimizer.name is adamw, not sgd". Empty when it can go on.
std::vector<std::string> breaks(const Json& before, const Json& after);

}  // namespace runner
