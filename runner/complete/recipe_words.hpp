#pragma once

#include "registry/description.hpp"
#include "runner/complete/candidate.hpp"

#include <string>
#include <vector>

namespace runner::complete {

/// Recipe files and folders that begin so, here or among those installed with this program.
Candidates recipes(const std::string& begin);

/// The resolved config of a recipe with these values in place of its own; empty where it has
/// mistakes.
Json config_of_recipe(const std::string& recipe, const std::vector<std::string>& overrides);

Candidates kinds_and_sections();
/// Of a kind, with what each is.
Candidates components(const std::string& kind);
/// The components of a kind, or the fields of a section.
Candidates components_or_fields(const std::string& topic);

}  // namespace runner::complete
