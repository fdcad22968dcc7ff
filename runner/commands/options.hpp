#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace runner {

// Options that several commands have alike.

/// The help of an option that names a run.
constexpr auto which_run = "An id or its beginning, a name (its latest run), or last";

/// The positional `recipe`.
void add_recipe(CLI::App& command, std::string& recipe);
/// The positional `overrides`; `about` is their help.
void add_overrides(CLI::App& command, std::vector<std::string>& overrides,
                   const std::string& about = "Values in place of the recipe's: optimizer.lr=0.5");
/// --db
CLI::Option* add_database(CLI::App& command, std::optional<std::filesystem::path>& database);

}  // namespace runner
