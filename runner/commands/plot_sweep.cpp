#include "runner/commands/plot_sweep.hpp"

#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/nearest.hpp"
#include "experiments/store.hpp"
#include "runner/answers/answers.hpp"
#include "runner/answers/importance.hpp"
#include "runner/terminal/best_so_far.hpp"
#include "runner/terminal/heat_map.hpp"
#include "runner/terminal/parallel_coordinates.hpp"
#include "runner/terminal/screen.hpp"
#include "runner/terminal/slice_chart.hpp"
#include "runner/terminal/sweep_page.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

#include <fmt/format.h>

namespace runner {
namespace {

/// The parameters that vary, the one that matters most first. Of those that vary together, all but
/// the first come behind the others: a heat map over two of them would be a diagonal.
std::vector<std::string> varying(const SweepAnswers& answers) {
  std::vector<std::string> paths;
  if (const auto found = importance(answers.comparable()))
    for (const auto& each : found->shares) paths.push_back(each.paths.front());
  for (const auto& trial : answers.table)
    for (const auto& [path, value] : trial.parameters)
      if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
  std::erase_if(paths, [&](const std::string& path) {
    std::set<std::string> values;
    for (const auto& trial : answers.table)
      if (const auto* value = find_parameter(trial.parameters, path)) values.insert(value->dump());
    return values.size() < 2;
  });
  // Seeds are many draws of the same: where there is anything else, that is of interest.
  if (paths.size() > 1) std::erase(paths, "seed");
  return paths;
}

void refuse_unknown(const std::vector<std::string>& wanted, const SweepAnswers& answers) {
  const auto known = varying(answers);
  for (const auto& path : wanted)
    if (std::find(known.begin(), known.end(), path) == known.end())
      throw UserError(fmt::format("sweep {} does not vary '{}'; {}", answers.sweep.id, path,
                                  what_instead(path, known)));
}

}  // namespace

bool is_sweep(const std::string& name, const std::optional<std::filesystem::path>& database) {
  const auto file = find_database(database);
  if (!std::filesystem::exists(file)) return false;
  return find_subject(Store::open(file).database(), name).is_sweep;
}

int plot_sweep(const SweepPlotOptions& options) {
  auto store = Store::open(find_database(options.database));
  const auto answers = read_answers(store.database(), options.sweep, options.metric, options.mode);
  refuse_unknown(options.parameters, answers);
  if (options.json) {
    fmt::print("{}\n", dumped(sweep_json(answers), 2));
    return 0;
  }
  SweepView view;
  view.trials = answers.table;
  view.metric = answers.metric;
  view.goal = answers.goal;
  view.width = drawing_width(stdout);
  view.coloured = takes_colours(stdout);
  if (const auto nothing = view.nothing()) {
    fmt::print("{}", *nothing);
    return 0;
  }
  const auto paths = options.parameters.empty() ? varying(answers) : options.parameters;
  if (options.parameters.empty())
    fmt::print("{}\n{}", best_so_far(view), parallel_coordinates(view, paths));
  for (const auto& path : paths) fmt::print("\n{}", slice_chart(view, path));
  if (paths.size() < 2) return 0;
  if (const auto& point = answers.same_point) {
    view.trials = point->table;
    view.metric += " at " + point->at;
  }
  fmt::print("\n{}", heat_map(view, paths[0], paths[1]));
  if (const auto& point = answers.same_point)
    fmt::print("{}", wrapped("at " + point->text(), view.columns()));
  return 0;
}

}  // namespace runner
