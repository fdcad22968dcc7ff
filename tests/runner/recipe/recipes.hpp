#pragma once

#include "runner/recipe/recipe.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <stdlib.h>

namespace runner {

/// A folder with recipes in it, where the test works.
class RecipeFolder {
 public:
  RecipeFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "recipes-XXXXXX").string();
    std::filesystem::current_path(path_ = mkdtemp(name.data()));
  }
  ~RecipeFolder() {
    std::filesystem::current_path(before_);
    std::filesystem::remove_all(path_);
  }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }

 private:
  std::filesystem::path before_ = std::filesystem::current_path(), path_;
};

/// The least that a recipe must say.
constexpr auto smallest =
    "model: mlp\ndataset: mnist\nloss: cross_entropy\noptimizer: {name: sgd, lr: 1e-4}\n";

/// Where a value came from; empty when there is none of that path.
inline std::string origin(const Recipe& recipe, const std::string& path) {
  const auto found = std::find_if(recipe.origins.begin(), recipe.origins.end(),
                                  [&](const auto& each) { return each.first == path; });
  return found == recipe.origins.end() ? "" : found->second;
}

/// What is said of the recipe; empty when nothing is wrong.
inline std::string mistakes(const std::string& recipe,
                            const std::vector<std::string>& overrides = {}) {
  try {
    read_recipe(recipe, overrides);
    return "";
  } catch (const RecipeError& error) {
    return error.what();
  }
}

}  // namespace runner
