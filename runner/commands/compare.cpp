#include "runner/commands/compare.hpp"

#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/metric_patterns.hpp"
#include "experiments/reference.hpp"
#include "experiments/store.hpp"
#include "runner/commands/chosen_runs.hpp"
#include "runner/commands/options.hpp"
#include "runner/terminal/comparison_page.hpp"
#include "runner/terminal/curve_chart.hpp"
#include "runner/terminal/screen.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct CompareOptions {
  ChosenRuns runs;
  std::optional<std::filesystem::path> database;
  bool all = false, curves = true, json = false;
};

/// Nothing where none of the runs has measured anything yet.
std::string charts(const Database& database, const std::vector<std::string>& ids) {
  CurveChartLook look;
  look.width = drawing_width(stdout);
  look.coloured = takes_colours(stdout);
  RunCurvesRequest request{ids, usual_metrics(metrics_of(database, ids))};
  request.points = curve_chart_resolution(look.width);
  if (request.metrics.empty()) return "";
  return "\n" + curve_charts(read_run_curves(database, request), look);
}

int compare(const CompareOptions& options) {
  Store store = Store::open(find_database(options.database));
  const auto ids = find_runs(store.database(), options.runs);
  if (ids.size() < 2) throw UserError("compare takes two runs or more: runner compare A B");
  const auto comparison = compare_runs(store.database(), ids);
  if (options.json)
    fmt::print("{}\n", dumped(comparison_json(comparison), 2));
  else
    fmt::print("{}{}", comparison_page(comparison, options.all, terminal_width(stdout)),
               options.curves ? charts(store.database(), ids) : "");
  return 0;
}

}  // namespace

void add_compare(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<CompareOptions>();
  auto* command = app.add_subcommand("compare",
                                     "Show runs side by side: what differs in config, code, data "
                                     "and surroundings; metrics; curves");
  add_runs(*command, options->runs, which_run);
  command->add_flag("--all", options->all, "What is the same, too");
  command->add_flag("!--no-curves", options->curves, "Without the drawings of the metrics");
  add_database(*command, options->database);
  command->add_flag("--json", options->json, "An object with all of it, in full precision");
  command->callback([options, &chosen] { chosen = [options] { return compare(*options); }; });
}

}  // namespace runner
