#include "runner/answers/importance.hpp"

#include "runner/answers/cells.hpp"
#include "runner/answers/random_trees.hpp"
#include "runner/answers/statistics.hpp"

#include <algorithm>
#include <map>

namespace runner {
namespace {

/// A parameter's values, each once.
struct Levels {
  std::vector<Json> values;
  bool ordered = true;  ///< numbers all, in their order

  /// A missing parameter, or one that is no number at all, is a value of its own, below all
  /// numbers.
  static Json level_of(const Json* value) {
    if (!value || (value->is_number() && !std::isfinite(value->get<double>()))) return {};
    return *value;
  }

  void add(const Json* value) {
    const Json level = level_of(value);
    if (std::ranges::find(values, level) == values.end()) values.push_back(level);
    ordered = ordered && (level.is_number() || level.is_null());
  }
  void sort() {
    if (ordered) std::sort(values.begin(), values.end());
  }
  int place(const Json* value) const {
    return static_cast<int>(std::ranges::find(values, level_of(value)) - values.begin());
  }
};

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

  /// Of each parameter that has several.
  std::vector<std::pair<std::string, Levels>> levels() const {
    std::vector<std::string> paths;
    for (const auto& each : parameters)
      for (const auto& [path, value] : each)
        if (std::ranges::find(paths, path) == paths.end()) paths.push_back(path);
    std::vector<std::pair<std::string, Levels>> out;
    for (const auto& path : paths) {
      Levels levels;
      for (const auto& each : parameters) levels.add(find_parameter(each, path));
      levels.sort();
      if (levels.values.size() > 1) out.emplace_back(path, std::move(levels));
    }
    return out;
  }
};

GridSample grid_sample(const Cells& cells,
                       const std::vector<std::pair<std::string, Levels>>& levels) {
  GridSample sample;
  for (const auto& [path, of] : levels)
    sample.axes.push_back({static_cast<int>(of.values.size()), of.ordered});
  const double middle = mean(cells.means);
  for (std::size_t i = 0; i < cells.means.size(); ++i) {
    GridSample::Point point{{}, cells.means[i] - middle};
    for (const auto& [path, of] : levels)
      point.places.push_back(of.place(find_parameter(cells.parameters[i], path)));
    sample.points.push_back(std::move(point));
  }
  return sample;
}

}  // namespace

double Importance::rest() const {
  double rest = 1 - noise;
  for (const auto& [path, share] : shares) rest -= share;
  return std::max(0.0, rest);
}

std::optional<Importance> importance(std::span<const SweepTrial> trials) {
  const Cells cells(trials);
  const auto levels = cells.levels();
  // With fewer trials, whatever one looks at first explains everything.
  if (cells.trials < std::ssize(levels) + 2) return std::nullopt;
  const auto variances = variances_over_grid(grid_sample(cells, levels));
  const double within = cells.inner_squares / static_cast<double>(cells.trials);
  const double total = variances.total + within;
  if (!(total > 0) || !std::isfinite(total)) return std::nullopt;

  Importance out{{}, within / total};
  for (std::size_t i = 0; i < levels.size(); ++i)
    out.shares.emplace_back(levels[i].first, variances.main_effects[i] / total);
  std::ranges::stable_sort(out.shares, std::greater{}, &std::pair<std::string, double>::second);
  return out;
}

}  // namespace runner
