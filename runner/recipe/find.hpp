#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace runner {

/// The file of the recipe that a user names, if there is one. `mnist` is the first of these that is
/// a file: `mnist`, `mnist.yaml`, `recipes/mnist.yaml`, and the last in the folder that was
/// installed with this program.
std::optional<std::string> recipe_file(const std::string& name);

/// The same. A path that is none of them comes back as it is, for the error to show; for a bare
/// name, a UserError has the nearest of the recipes that are there.
std::string find_recipe(const std::string& name);

/// What recipes can be called by name, in the order in which they are looked for: those of the
/// working directory, of its folder recipes/, and those that were installed.
std::vector<std::string> recipe_names();

/// The folder in which those installed with this program lie, if it is one that was installed.
std::filesystem::path installed_recipes();

}  // namespace runner
