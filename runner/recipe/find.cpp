#include "runner/recipe/find.hpp"

#include <filesystem>

namespace runner {

namespace fs = std::filesystem;

std::string find_recipe(const std::string& name) {
  if (fs::exists(name) || fs::path(name).is_absolute()) return name;
  const auto prefix = fs::read_symlink("/proc/self/exe").parent_path().parent_path();
  const auto installed = prefix / "share/runner" / name;
  return fs::exists(installed) ? installed.string() : name;
}

}  // namespace runner
