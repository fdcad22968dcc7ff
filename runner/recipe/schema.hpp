#pragma once

#include "registry/description.hpp"

namespace runner {

/// The JSON Schema (draft 2020-12) of a recipe: every key, component and field with its help,
/// default and range.
Json recipe_schema();

}  // namespace runner
