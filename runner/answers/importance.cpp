#include "runner/answers/importance.hpp"

#include "experiments/json.hpp"
#include "runner/answers/cells.hpp"
#include "runner/answers/random_trees.hpp"
#include "runner/answers/statistics.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

/// A missing parameter, or one that is no number at all, is a value of its own, below all numbers.
Json level_of(const Json* value) {
  if (!value || (value->is_number() && !std::isfinite(value->get<double>()))) return {};
  return *value;
}

/// A parameter, or several that vary together, and the values of it, each once.
struct Levels {
  std::vector<std::string> paths;
  std::vector<Json> values;  ///< each a list with a value for each path
  bool ordered = true;       ///< numbers all, in their order

  Json of(const Parameters& parameters) const {
    auto level = Json::array();
    for (const auto& path : paths) level.push_back(level_of(find_parameter(parameters, path)));
    return level;
  }
  void add(const Parameters& parameters) {
    auto level = of(parameters);
    for (const auto& value : level) ordered = ordered && (value.is_number() || value.is_null());
    if (std::ranges::find(values, level) == values.end()) values.push_back(std::move(level));
  }
  void sort() {
    if (ordered) std::sort(values.begin(), values.end());
  }
  int place(const Parameters& parameters) const {
    return static_cast<int>(std::ranges::find(values, of(parameters)) - values.begin());
  }
};

std::vector<std::string> paths_of(std::span<const Parameters> all) {
  std::vector<std::string> paths;
  for (const auto& each : all)
    for (const auto& [path, value] : each)
      if (std::ranges::find(paths, path) == paths.end()) paths.push_back(path);
  return paths;
}

/// Whether each value of `path` comes with one value of the other only, and all have both.
bool determines(const std::string& path, const std::string& other,
                std::span<const Parameters> all) {
  std::map<std::string, Json> others;
  for (const auto& each : all) {
    const auto *value = find_parameter(each, path), *with = find_parameter(each, other);
    if (!value || !with) return false;
    const auto [known, is_new] = others.try_emplace(dumped(*value), *with);
    if (!is_new && known->second != *with) return false;
  }
  return true;
}

bool varies(const std::string& path, std::span<const Parameters> all) {
  return std::ranges::any_of(all, [&](const Parameters& each) {
    return level_of(find_parameter(each, path)) != level_of(find_parameter(all.front(), path));
  });
}

/// Paths that vary; those of a matrix that vary together are one group. Axes of a search are drawn
/// one by one, and each has a value of its own in each trial by chance.
std::vector<std::vector<std::string>> groups_of(std::span<const SweepTrial> trials) {
  std::vector<Parameters> all;
  for (const auto& cell : cells_of(trials)) all.push_back(cell.parameters);
  const bool drawn = std::ranges::any_of(trials, &SweepTrial::is_drawn);
  std::vector<std::vector<std::string>> groups;
  for (const auto& path : paths_of(all)) {
    const auto together = std::ranges::find_if(groups, [&](const auto& group) {
      return std::ranges::any_of(group, [&](const std::string& other) {
        return determines(path, other, all) || determines(other, path, all);
      });
    });
    if (!varies(path, all)) continue;
    if (drawn || together == groups.end())
      groups.push_back({path});
    else
      together->push_back(path);
  }
  return groups;
}

struct Cells {
  std::vector<Parameters> parameters;
  std::vector<double> means;
  double inner_squares = 0;  ///< of the distances of values from their cell's mean
  std::int64_t trials = 0;

  explicit Cells(std::span<const SweepTrial> all) {
    for (const auto& cell : cells_of(all)) {
      const auto values = cell.values();
      if (values.empty()) continue;
      parameters.push_back(cell.parameters);
      means.push_back(mean(values));
      for (const auto value : values) inner_squares += squared(value - means.back());
      trials += static_cast<std::int64_t>(values.size());
    }
  }

  /// Of each group that has several.
  std::vector<Levels> levels(const std::vector<std::vector<std::string>>& groups) const {
    std::vector<Levels> out;
    for (const auto& group : groups) {
      Levels levels{group, {}};
      for (const auto& each : parameters) levels.add(each);
      levels.sort();
      if (levels.values.size() > 1) out.push_back(std::move(levels));
    }
    return out;
  }
};

GridSample grid_sample(const Cells& cells, const std::vector<Levels>& levels) {
  GridSample sample;
  for (const auto& axis : levels)
    sample.axes.push_back({static_cast<int>(axis.values.size()), axis.ordered});
  const double middle = mean(cells.means);
  for (std::size_t i = 0; i < cells.means.size(); ++i) {
    GridSample::Point point{{}, cells.means[i] - middle};
    for (const auto& axis : levels) point.places.push_back(axis.place(cells.parameters[i]));
    sample.points.push_back(std::move(point));
  }
  return sample;
}

}  // namespace

std::string ParameterShare::name() const { return fmt::format("{}", fmt::join(paths, ", ")); }

double Importance::rest() const {
  double rest = 1 - noise;
  for (const auto& each : shares) rest -= each.share;
  return std::max(0.0, rest);
}

std::optional<Importance> importance(std::span<const SweepTrial> trials) {
  const Cells cells(trials);
  const auto levels = cells.levels(groups_of(trials));
  // With fewer trials, whatever one looks at first explains everything.
  if (cells.trials < std::ssize(levels) + 2) return std::nullopt;
  const auto variances = variances_over_grid(grid_sample(cells, levels));
  const double within = cells.inner_squares / static_cast<double>(cells.trials);
  const double total = variances.total + within;
  if (!(total > 0) || !std::isfinite(total)) return std::nullopt;

  Importance out{{}, within / total};
  for (std::size_t i = 0; i < levels.size(); ++i)
    out.shares.push_back({levels[i].paths, variances.main_effects[i] / total});
  std::ranges::stable_sort(out.shares, std::greater{}, &ParameterShare::share);
  return out;
}

}  // namespace runner
