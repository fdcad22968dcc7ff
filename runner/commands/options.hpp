#pragma once

#include "runner/recipe/doubts.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
class Validator;
}  // namespace CLI

namespace runner {

// Options that several commands have alike.

/// The help of an option that names a run.
constexpr auto which_run =
    "An id or its beginning, a name (its latest run), or last: the run that began last, of a sweep "
    "or race its newest trial; none of --fast-dev-run or reproduce";

/// The positional `recipe`.
void add_recipe(CLI::App& command, std::string& recipe);
/// find_recipe, which says on standard error which file a bare name stands for.
std::string chosen_recipe(const std::string& name);
/// What it says.
void tell_recipe(const std::string& name, const std::string& path);
/// Warns of what a recipe hardly means, a line for each: on standard error, and of several
/// processes of a run in one. Throws UserError where nothing would be trained.
void tell_doubts(const std::vector<Doubt>& doubts);
/// The positional `overrides`; `about` is their help.
void add_overrides(CLI::App& command, std::vector<std::string>& overrides,
                   const std::string& about = "Values in place of the recipe's: optimizer.lr=0.5");
/// What CLI11's own checks say of a number without an upper end shows the largest double.
CLI::Validator number_at_least(double low);
CLI::Validator number_above(double low);
/// Of an option that takes one metric, whose name may stand in double quotes as in filters.
CLI::Validator metric_name();
/// --db
CLI::Option* add_database(CLI::App& command, std::optional<std::filesystem::path>& database);

}  // namespace runner
