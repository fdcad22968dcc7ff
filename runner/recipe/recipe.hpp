#pragma once

#include "registry/description.hpp"
#include "runner/recipe/problems.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runner {

/// A recipe that has been checked whole: every name resolved, every value typed and in range, every
/// default filled in.
struct Recipe {
  std::string path;
  std::string text;  ///< of the file
  Json config;  ///< {name, seed, model: {name, fields...}, ..., train: {...}, eval: {...}, log:
                ///< {...}}
  std::vector<std::pair<std::string, std::string>>
      origins;  ///< "optimizer.lr" -> "recipes/mnist.yaml:12:30"

  std::string name() const { return config.at("name"); }
};

struct Loaded;

/// Checks what a recipe says of one run. Throws RecipeError with all mistakes at once.
Recipe check_recipe(const std::string& path, Loaded loaded, Problems& problems);

/// The value of a resolved config at a path such as "scheduler.schedulers[0].gamma".
const Json& value_at(const Json& config, std::string_view path);

Json& value_at(Json& config, std::string_view path);

/// Loads, extends, overrides and checks a recipe. Throws RecipeError with all mistakes at once.
Recipe read_recipe(const std::string& path, const std::vector<std::string>& overrides = {});

/// The same from a config that was resolved before (JSON), which `name` stands for in messages.
Recipe read_config(const std::string& name, const std::string& config,
                   const std::vector<std::string>& overrides);

}  // namespace runner
