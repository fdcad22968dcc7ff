#include "runner/recipe/find.hpp"

#include <filesystem>

namespace runner {

namespace fs = std::filesystem;

std::filesystem::path installed_recipes() {
  return fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "share/runner";
}

std::string find_recipe(const std::string& name) {
  if (fs::exists(name) || fs::path(name).is_absolute()) return name;
  const auto installed = installed_recipes() / name;
  return fs::exists(installed) ? installed.string() : name;
}

}  // namespace runner
