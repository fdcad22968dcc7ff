#include "runner/recipe/find.hpp"

#include "experiments/error.hpp"
#include "experiments/nearest.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

namespace runner {

namespace fs = std::filesystem;

namespace {

bool is_recipe_file(const fs::path& path) {
  std::error_code unreadable;
  // Not a regular file alone: a recipe may come through a pipe, as in <(sed ... mnist.yaml).
  return fs::exists(path, unreadable) && !fs::is_directory(path, unreadable);
}

std::array<fs::path, 3> folders() { return {".", "recipes", installed_recipes() / "recipes"}; }

}  // namespace

std::filesystem::path installed_recipes() {
  return fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "share/runner";
}

std::vector<std::string> recipe_names() {
  std::vector<std::string> names;
  for (const auto& folder : folders()) {
    std::error_code unreadable;
    std::vector<std::string> here;
    for (const auto& entry : fs::directory_iterator(folder, unreadable))
      if (entry.path().extension() == ".yaml" && is_recipe_file(entry.path()))
        here.push_back(entry.path().stem().string());
    std::ranges::sort(here);
    for (auto& name : here)
      if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

std::optional<std::string> recipe_file(const std::string& name) {
  const auto file = name + ".yaml", in_folder = "recipes/" + file;
  const auto installed = installed_recipes();
  for (const auto& path : {fs::path(name), fs::path(file), fs::path(in_folder), installed / name,
                           installed / file, installed / in_folder})
    if (is_recipe_file(path)) return path.string();
  return std::nullopt;
}

std::string find_recipe(const std::string& name) {
  if (auto file = recipe_file(name)) return *std::move(file);
  const bool is_bare = !name.empty() && name.find_first_of("/.") == name.npos && !fs::exists(name);
  const auto known = is_bare ? recipe_names() : std::vector<std::string>{};
  if (known.empty()) return name;
  throw UserError(fmt::format("no recipe is called '{}', here, in recipes/ or installed; {}", name,
                              what_instead(name, known)));
}

}  // namespace runner
