#pragma once

#include "runner/recipe/doubts.hpp"
#include "runner/recipe/load.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/recipe/sweep_keys.hpp"
#include "runner/search/axis.hpp"
#include "runner/search/prune.hpp"
#include "runner/search/search.hpp"
#include "runner/sweep/matrix.hpp"
#include "runner/sweep/sweep_options.hpp"

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace runner {

/// A recipe that stands for many runs: those of its matrix, or those that its search chooses.
class SweepRecipe {
 public:
  /// Checks every cell of the matrix, and the ends of the search's space. Throws RecipeError with
  /// all mistakes.
  static SweepRecipe check(const std::string& path, Loaded loaded, Problems& problems);

  const std::string& name() const { return name_; }
  const std::string& path() const { return path_; }
  const std::string& text() const { return text_; }
  const Search& search() const { return search_; }
  const Prune& prune() const { return prune_; }
  const SweepOptions& options() const { return options_; }
  /// {search: {...}, prune: {...}, sweep: {...}}, as far as the recipe says something of them.
  const Json& settings() const { return settings_; }

  /// Of the matrix, those that come out alike once; those of a search are made one by one.
  const std::vector<Cell>& cells() const { return cells_; }
  /// A recipe for each thing that a worker builds otherwise than in the others' cells.
  const std::map<std::string, Recipe>& builds() const { return builds_; }
  /// Of its trials: each field once, with the first cell in doubt where others are not.
  std::vector<Doubt> doubts() const;
  bool searches() const { return !space_.empty(); }
  const Space& space() const { return space_; }
  Cell cell_at(const Point& point) const;
  /// The first of the matrix; of a search, that at the low end of each axis.
  Cell any_cell() const;
  /// How many the matrix has or the search will make.
  std::int64_t trials() const;

  /// The checked recipe of a cell: arguments of the command line win over it. Throws RecipeError.
  Recipe recipe_of(const Cell& cell) const;
  /// {path: value} as the recipe says it, with what the command line has put in its place.
  Json parameters_of(const Cell& cell) const;

  /// What makes it the same sweep when it is started again: everything but the cells, how many
  /// trials there are, and how they are run.
  std::string identity() const;

 private:
  /// The recipe of a cell with its references put in.
  Node merged(const Cell& cell, Problems& problems) const;
  Recipe resolved(const Cell& cell, Problems& problems) const;
  void read_name();
  void put_in_references(SweepPart& part, Problems& problems) const;
  void read_sections(const SweepPart& part, Problems& problems);
  void settle_mode(const Node& search, Problems& problems);
  /// Whether the recipe's runs lack search.metric.
  bool refuse_unmeasured(const Recipe& recipe, Problems& problems) const;
  /// Gives those that differ in what they resolve to: an argument may have replaced an axis.
  std::vector<Cell> check_cells(const std::vector<Cell>& cells, Problems& problems);
  void look_at(const Recipe& recipe, const Cell& cell);
  std::vector<Doubt> doubts_of_cell(const Recipe& recipe) const;
  Point low_end() const;
  std::vector<Cell> ends_of_space() const;

  std::string path_, text_, name_;
  Node base_;
  std::vector<Node> overrides_;
  Search search_;
  Place metric_place_;  ///< of search.metric
  Place first_place_;   ///< of prune.first
  Prune prune_;
  SweepOptions options_;
  Json settings_ = Json::object();
  std::vector<Cell> cells_;
  Space space_;

  struct CellDoubt {
    Doubt doubt;
    std::string cell;
    std::size_t cells = 0;
  };
  std::map<std::string, Recipe> builds_;
  std::map<std::string, CellDoubt> doubts_;  ///< by path
  std::size_t cells_looked_at_ = 0;
};

/// What a recipe stands for: one run or many.
using RunOrSweep = std::variant<Recipe, SweepRecipe>;

/// Loads, extends, overrides and checks a recipe of either kind. Throws RecipeError with all
/// mistakes at once.
RunOrSweep read_run_or_sweep(const std::string& path, const std::vector<std::string>& overrides);

/// The same from a config that was resolved before (JSON), which `name` stands for in messages.
RunOrSweep read_run_or_sweep(const std::string& name, const std::string& config,
                             const std::vector<std::string>& overrides);

}  // namespace runner
