#pragma once

#include <filesystem>
#include <string>

namespace runner {

/// The recipe that a user names: the file, or the one of that name that was installed with this
/// program (PREFIX/share/runner). A name that is neither comes back as it is, for the error to
/// show.
std::string find_recipe(const std::string& name);

/// The folder in which those installed with this program lie, if it is one that was installed.
std::filesystem::path installed_recipes();

}  // namespace runner
