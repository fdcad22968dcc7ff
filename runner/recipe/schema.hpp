#pragma once

#include "registry/description.hpp"

namespace runner {

/// Of the key `extends`, which load() reads.
constexpr std::string_view extends_help =
    "recipes to start from, relative to this one; later ones win";

/// The JSON Schema (draft 2020-12) of a recipe: every key, component and field with its help,
/// default and range; with `more` keys, which are described elsewhere.
Json recipe_schema(const Json& more = Json::object());

/// Of one section.
Json section_schema(const ComponentDescription& section);

}  // namespace runner
