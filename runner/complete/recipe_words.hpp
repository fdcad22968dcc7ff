#pragma once

#include "registry/description.hpp"
#include "runner/complete/candidate.hpp"

#include <string>
#include <vector>

namespace runner::complete {

/// Recipe files and folders that begin so, here or among those installed with this program.
Candidates recipes(const std::string& begin);

/// The resolved config of a recipe with these values in place of its own; where it has mistakes,
/// one with every field that there is.
Json config_of_recipe(const std::string& recipe, const std::vector<std::string>& overrides);

/// What may replace a value of such a config: `optimizer.` and `optimizer=`, `optimizer.lr=`, and
/// behind the sign the values that can be named.
Candidates overrides(const Json& config, const std::string& begin);

/// Every field of every component.
Json any_config();

Candidates kinds_and_sections();
/// Of a kind, with what each is.
Candidates components(const std::string& kind);
/// The components of a kind, or the fields of a section.
Candidates components_or_fields(const std::string& topic);

}  // namespace runner::complete
