#pragma once

#include "registry/description.hpp"

namespace runner {

/// JSON Schemas of the keys that make many runs of a recipe: matrix, search, prune, sweep.
Json sweep_schemas();

}  // namespace runner
