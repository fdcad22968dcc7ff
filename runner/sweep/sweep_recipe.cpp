#include "runner/sweep/sweep_recipe.hpp"

#include "experiments/text.hpp"
#include "registry/counted.hpp"
#include "registry/datasets/digest.hpp"
#include "runner/recipe/fit.hpp"
#include "runner/recipe/merge.hpp"
#include "runner/recipe/path.hpp"
#include "runner/recipe/reference.hpp"
#include "runner/recipe/resolve.hpp"
#include "runner/recipe/run_length.hpp"
#include "runner/search/grid.hpp"
#include "runner/search/space.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::size_t enough_problems = 50;

bool is_at(const Place& a, const Place& b) {
  return a.source == b.source && a.line == b.line && a.column == b.column;
}

bool holds(const Node& node, const Place& place) {
  if (is_at(node.place, place)) return true;
  const auto in_item = [&](const Node& item) { return holds(item, place); };
  const auto in_entry = [&](const Entry& entry) {
    return is_at(entry.key_place, place) || holds(entry.value, place);
  };
  return std::any_of(node.items.begin(), node.items.end(), in_item) ||
         std::any_of(node.entries.begin(), node.entries.end(), in_entry);
}

bool holds(const Cell& cell, const Place& place) {
  return std::any_of(cell.begin(), cell.end(), [&](const Assignment& each) {
    return is_at(each.place, place) || holds(each.value, place);
  });
}

/// "optimizer.lr: 0.1, seed: 3"
std::string shown(const Cell& cell) {
  std::string out;
  for (const auto& each : cell)
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", each.path, plain(each.value).dump());
  return out;
}

/// Why a run is over before it has recorded train/loss; empty where it records it.
std::string why_unlogged(const Json& config) {
  const auto length = run_length(config);
  const auto every = from_json<Log>(config.at("log")).every;
  if (every.is_time() || length.last_step >= length.steps_per_epoch() ||
      length.after(every).first_step <= length.last_step)
    return "";
  return fmt::format(", which a run of {} does not record: log.every is {}",
                     counted(length.last_step, "step"), to_string(every));
}

/// A problem that some cells have, though it is not in what the matrix says of them.
struct CellProblem {
  Problem problem;
  const Cell* first;
  std::size_t cells = 1;
};

void collect(const Problem& problem, const Cell& cell, std::vector<CellProblem>& known) {
  for (auto& each : known) {
    if (!is_at(each.problem.place, problem.place) || each.problem.message != problem.message)
      continue;
    ++each.cells;
    return;
  }
  known.push_back({problem, &cell});
}

/// Equal for what is trained alike, whatever it is called.
std::string digest_of_config(const Recipe& recipe) {
  auto config = recipe.config;
  config.erase("name");
  return sha256(config.dump());
}

/// Equal for recipes of which a worker finds the same mistakes.
std::string what_is_built(const Json& config) {
  const auto& optimizer = config.at("optimizer");
  Json built{{"optimizer", optimizer.at("name")},
             {"model", config.at("model").at("name")},
             {"topology", config.at("topology")}};
  const auto groups = optimizer.value("groups", Json::array());
  built["init_from"] = config.at("init_from");
  if (groups.empty() && config.at("init_from").at("weights").is_null()) return built.dump();
  built["model"] = config.at("model");
  built["dataset"] = config.at("dataset");
  for (const auto& group : groups)
    built["groups"].push_back(
        {group.at("match"), group.value("name", ""), group.value("frozen", false)});
  return built.dump();
}

RunOrSweep check_run_or_sweep(const std::string& path, std::optional<Loaded> loaded,
                              Problems& problems) {
  if (!loaded) throw RecipeError(problems);
  if (loaded->sweep.contains("matrix") || loaded->sweep.contains("search"))
    return SweepRecipe::check(path, std::move(*loaded), problems);
  return check_recipe(path, std::move(*loaded), problems);
}

}  // namespace

RunOrSweep read_run_or_sweep(const std::string& path, const std::vector<std::string>& overrides) {
  Problems problems;
  auto loaded = load(path, overrides, problems);
  return check_run_or_sweep(path, std::move(loaded), problems);
}

RunOrSweep read_run_or_sweep(const std::string& name, const std::string& config,
                             const std::vector<std::string>& overrides) {
  Problems problems;
  auto loaded = load_text(name, config, overrides, problems);
  return check_run_or_sweep(name, std::move(loaded), problems);
}

SweepRecipe SweepRecipe::check(const std::string& path, Loaded loaded, Problems& problems) {
  SweepRecipe sweep;
  sweep.path_ = path;
  sweep.text_ = std::move(loaded.text);
  sweep.base_ = std::move(loaded.tree);
  sweep.overrides_ = std::move(loaded.overrides);
  sweep.read_name();
  sweep.put_in_references(loaded.sweep, problems);
  sweep.read_sections(loaded.sweep, problems);
  if (!problems.empty()) throw RecipeError(problems);
  auto cells = sweep.check_cells(sweep.searches() ? sweep.ends_of_space() : sweep.cells_, problems);
  if (!problems.empty()) throw RecipeError(problems);
  if (!sweep.searches()) sweep.cells_ = std::move(cells);
  return sweep;
}

/// One name for all trials, though theirs may differ.
void SweepRecipe::read_name() {
  name_ = printable(std::filesystem::path(path_).stem().string());
  const auto* name = base_.find("name");
  if (!name || !name->scalar.is_string() || has_references(*name)) return;
  auto own = *name, nothing = Node::make_map({});
  Problems none;
  interpolate(own, nothing, name_, none);
  if (own.scalar.is_string()) name_ = own.scalar.get<std::string>();  // else the trials' is refused
}

/// What stands in the matrix and the space is put into each trial's recipe before its paths are.
void SweepRecipe::put_in_references(SweepPart& part, Problems& problems) const {
  for (auto& [key, section] : part) {
    auto* space = section.find("space");
    auto* of_trials = key == "matrix" ? &section : space;
    if (of_trials) read_environment(*of_trials, &problems);
    if (key == "matrix") continue;
    std::optional<Node> kept;
    if (space) std::swap(kept.emplace(), *space);
    auto base = base_;
    interpolate(section, base, name_, problems);
    if (space) *space = std::move(*kept);
  }
}

void SweepRecipe::read_sections(const SweepPart& part, Problems& problems) {
  const auto given = [&](const char* key) {
    const auto found = part.find(key);
    return found == part.end() ? nullptr : &found->second;
  };
  const auto section = [&]<class Options>(const char* key, const std::vector<std::string>& also,
                                          Options& options) {
    if (!given(key)) return;
    const auto before = problems.size();
    const auto values =
        resolve_section(key, describe_component<Options>(key), given(key), also, problems);
    if (problems.size() != before) return;
    options = from_json<Options>(values);
    settings_[key] = values;
  };
  section("search", {"space"}, search_);
  section("prune", {}, prune_);
  section("sweep", {}, options_);
  const auto* prune = given("prune");
  if (const auto* first = prune ? prune->find("first") : nullptr) first_place_ = first->place;
  const auto* matrix = given("matrix");
  const auto* search = given("search");
  const auto* space = search ? search->find("space") : nullptr;
  if (search && problems.empty()) settle_mode(*search, problems);
  if (space && matrix)
    problems.add(space->place, "search.space: the recipe has a matrix, too; give one of them");
  else if (space)
    space_ = read_space(*space, problems).value_or(Space{});
  else if (search && search_.strategy != "grid")
    problems.add(search->place,
                 fmt::format("search: {} has no space to search; give search.space, or strategy: "
                             "grid for the cells of a matrix",
                             search_.strategy));
  else if (!matrix)
    problems.add(search->place, "search: there is neither a space nor a matrix");
  for (const auto& axis : space_)
    if (const auto key = axis.path.substr(0, axis.path.find('.'));
        key == "extends" || is_sweep_key(key))
      problems.add(axis.place,
                   fmt::format("search.space: '{}' is of the recipe as a whole; trials cannot "
                               "differ in it",
                               key));
  if (space && problems.empty()) check_strategy(search_, space_, search->place, problems);
  if (matrix && !space) cells_ = expand_matrix(*matrix, problems);
}

void SweepRecipe::settle_mode(const Node& search, Problems& problems) {
  const auto* metric = search.find("metric");
  const auto* mode = search.find("mode");
  metric_place_ = metric ? metric->place : search.place;
  if (!search_.mode && !own_goal(search_.metric)) {
    Problems elsewhere;  // which the cells may mend
    const auto recipe = resolved({}, elsewhere);
    if (elsewhere.empty() && refuse_unmeasured(recipe, problems)) return;
  }
  if (const auto why = why_wrong_mode(search_.metric, search_.mode); !why.empty())
    problems.add(mode && search_.mode ? mode->place : metric_place_, "search.mode is " + why);
  else
    settings_["search"]["mode"] = search_.mode.emplace(mode_of(search_.goal()));
}

bool SweepRecipe::refuse_unmeasured(const Recipe& recipe, Problems& problems) const {
  auto why = why_unmeasured(recipe.config, search_.metric);
  if (why.empty() && search_.metric == "train/loss") why = why_unlogged(recipe.config);
  if (!why.empty())
    problems.add(metric_place_, fmt::format("search.metric is '{}'{}", search_.metric, why));
  return !why.empty();
}

std::vector<Cell> SweepRecipe::check_cells(const std::vector<Cell>& cells, Problems& problems) {
  std::vector<CellProblem> elsewhere;
  std::vector<Cell> different;
  std::set<std::string> known;
  for (const auto& cell : cells) {
    Problems of_cell;
    const auto recipe = resolved(cell, of_cell);
    if (of_cell.empty() && !refuse_unmeasured(recipe, of_cell)) {
      if (known.insert(digest_of_config(recipe)).second) different.push_back(cell);
      look_at(recipe, cell);
    }
    for (const auto& problem : of_cell.all())
      if (holds(cell, problem.place))
        problems.add(problem.place, problem.message);
      else
        collect(problem, cell, elsewhere);
    if (problems.size() + elsewhere.size() > enough_problems) break;
  }
  for (const auto& [problem, first, count] : elsewhere)
    problems.add(problem.place,
                 count == cells.size()
                     ? problem.message
                     : fmt::format("{} (in the cell {})", problem.message, shown(*first)));
  return different;
}

void SweepRecipe::look_at(const Recipe& recipe, const Cell& cell) {
  builds_.try_emplace(what_is_built(recipe.config), recipe);
  ++cells_looked_at_;
  for (const auto& doubt : doubts_of_cell(recipe)) {
    auto& known = doubts_.try_emplace(doubt.path, CellDoubt{doubt, shown(cell), 0}).first->second;
    ++known.cells;
    if (doubt.trains_nothing && !known.doubt.trains_nothing) {
      known.doubt = doubt;
      known.cell = shown(cell);
    }
  }
}

std::vector<Doubt> SweepRecipe::doubts_of_cell(const Recipe& recipe) const {
  auto doubts = doubts_of(recipe);
  if (prune_.strategy == "none") return doubts;
  const auto length = run_length(recipe.config);
  if (length.after(prune_.first).first_step >= length.last_step)
    doubts.push_back({"prune.first", runner::describe(first_place_),
                      fmt::format("prune.first is {}, and a trial has {}: none is pruned",
                                  to_string(prune_.first), counted(length.last_step, "step"))});
  return doubts;
}

std::vector<Doubt> SweepRecipe::doubts() const {
  std::vector<Doubt> out;
  for (const auto& [path, known] : doubts_) {
    out.push_back(known.doubt);
    if (known.cells < cells_looked_at_)
      out.back().message += fmt::format(" (in the cell {})", known.cell);
  }
  return out;
}

Point SweepRecipe::low_end() const {
  Point low;
  for (const auto& axis : space_) low.push_back(from_unit(axis, 0));
  return low;
}

/// Points that show whether the bounds and choices of each axis fit the recipe.
std::vector<Cell> SweepRecipe::ends_of_space() const {
  const auto low = low_end();
  Point high;
  for (const auto& axis : space_) high.push_back(from_unit(axis, 1));
  std::vector<Cell> cells{cell_at(low), cell_at(high)};
  for (std::size_t i = 0; i < space_.size(); ++i)
    for (std::size_t choice = 0; choice < space_[i].choices.size(); ++choice) {
      auto point = low;
      point[i] = choice;
      cells.push_back(cell_at(point));
    }
  return cells;
}

Cell SweepRecipe::cell_at(const Point& point) const {
  Cell cell;
  for (std::size_t i = 0; i < space_.size(); ++i)
    cell.push_back({space_[i].path, space_[i].place, value_node(space_[i], point.at(i))});
  return cell;
}

Cell SweepRecipe::any_cell() const { return searches() ? cell_at(low_end()) : cells_.front(); }

std::int64_t SweepRecipe::trials() const {
  if (!searches()) return std::ssize(cells_);
  if (search_.strategy != "grid") return search_.trials.value();
  const auto points = grid_size(space_);
  return std::min(points, search_.trials.value_or(points));
}

Node SweepRecipe::merged(const Cell& cell, Problems& problems) const {
  auto tree = base_;
  merge(tree, as_recipe(cell));
  for (const auto& overlay : overrides_) merge(tree, overlay);
  interpolate(tree, tree, name_, problems);
  return tree;
}

Recipe SweepRecipe::resolved(const Cell& cell, Problems& problems) const {
  Recipe recipe{path_, text_, Json::object(), {}};
  resolve(merged(cell, problems), recipe, problems);
  if (problems.empty() && recipe.name().empty()) recipe.config["name"] = name_;
  return recipe;
}

Recipe SweepRecipe::recipe_of(const Cell& cell) const {
  Problems problems;
  auto recipe = resolved(cell, problems);
  if (!problems.empty()) throw RecipeError(problems);
  return recipe;
}

Json SweepRecipe::parameters_of(const Cell& cell) const {
  Problems known;  // recipe_of() says them
  const auto tree = merged(cell, known);
  auto parameters = Json::object();
  for (const auto& each : cell) {
    const auto* node = find_at(tree, each.path);
    auto value = plain(node ? *node : each.value);
    if (value.is_object() && value.size() == 1 && value.contains("name")) value = value.at("name");
    parameters[each.path] = std::move(value);
  }
  return parameters;
}

std::string SweepRecipe::identity() const {
  auto search = settings_.value("search", Json::object());
  search.erase("trials");
  auto space = Json::object();
  for (const auto& axis : space_) {
    auto& of_axis = space[axis.path] = {{"kind", static_cast<int>(axis.kind)},
                                        {"low", axis.low},
                                        {"high", axis.high},
                                        {"choices", Json::array()}};
    for (const auto& choice : axis.choices) of_axis["choices"].push_back(plain(choice));
  }
  const Json whole{{"name", name_},
                   {"base", plain(base_)},
                   {"search", std::move(search)},
                   {"space", std::move(space)},
                   {"prune", settings_.value("prune", Json())}};
  return sha256(whole.dump());
}

}  // namespace runner
