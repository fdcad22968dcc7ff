#include "runner/commands/sweep.hpp"

#include "experiments/details.hpp"
#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/store.hpp"
#include "runner/answers/answers.hpp"
#include "runner/answers/best.hpp"
#include "runner/commands/options.hpp"
#include "runner/exchange/output.hpp"
#include "runner/terminal/moment.hpp"
#include "runner/terminal/number.hpp"
#include "runner/terminal/parameters_text.hpp"
#include "runner/terminal/screen.hpp"
#include "runner/terminal/sweep_page.hpp"
#include "runner/terminal/table.hpp"

#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct SweepCommandOptions {
  std::string sweep = "last";
  std::optional<std::string> metric, mode;
  std::size_t limit = 10;
  std::optional<std::filesystem::path> to, database;
  bool overwrite = false, json = false;

  SweepAnswers read(Store& store) const {
    return read_answers(store.database(), sweep, metric, mode);
  }
};

int show(const SweepCommandOptions& options) {
  auto store = Store::open(find_database(options.database));
  const auto answers = options.read(store);
  if (options.json)
    fmt::print("{}\n", dumped(sweep_json(answers), 2));
  else
    fmt::print("{}", sweep_page(answers, terminal_width(stdout), options.limit));
  return 0;
}

void write(const std::filesystem::path& file, const std::string& text) {
  Output output(file);
  output.write(text);
  output.commit();
}

int best(const SweepCommandOptions& options) {
  if (options.to) refuse_to_overwrite(*options.to, options.overwrite);
  auto store = Store::open(find_database(options.database));
  const auto answers = options.read(store);
  const auto& trial = best_trial(answers);
  const auto& row = answers.table.at(static_cast<std::size_t>(trial.number - 1));
  if (options.to) {
    const auto config = Json::parse(read_run(store.database(), trial.run_id).run.config);
    write(*options.to,
          recipe_yaml(config, fmt::format("Trial {} of sweep {} ({}): {} {:.6g}.", trial.number,
                                          answers.sweep.id, answers.sweep.name, answers.metric,
                                          *row.value)));
  }
  const Json out{{"number", trial.number},
                 {"run", trial.run_id},
                 {"metric", answers.metric},
                 {"value", *row.value},
                 {"parameters", Json::parse(trial.parameters)}};
  if (options.json)
    fmt::print("{}\n", dumped(out));
  else
    fmt::print("trial {} (run {}): {} {:.6g} with {}\n", trial.number, trial.run_id, answers.metric,
               *row.value, parameters_text(out.at("parameters")));
  return 0;
}

int list(const SweepCommandOptions& options) {
  auto store = Store::open(find_database(options.database));
  auto all = Json::array();
  Table table;
  for (const auto* title : {"id", "name", "started"}) table.add_column(title);
  for (const auto* title : {"trials", "done", "failed"})
    table.add_column(title, Table::Align::right);
  table.add_column("metric");
  for (const auto& sweep : read_sweeps(store.database())) {
    const Trials trials(store.database(), sweep.id);
    const auto done = trials.count(TrialStatus::done), failed = trials.count(TrialStatus::failed);
    // The matrix may have had other cells before.
    const auto known = std::max(sweep.wanted, std::ssize(trials.all()));
    all.push_back({{"id", sweep.id},
                   {"name", sweep.name},
                   {"started", iso_time(sweep.started)},
                   {"trials", known},
                   {"done", done},
                   {"failed", failed},
                   {"metric", sweep.metric}});
    table.add_row() = {sweep.id,           sweep.name,        how_long_ago(sweep.started, now_ms()),
                       with_commas(known), with_commas(done), with_commas(failed),
                       sweep.metric};
  }
  if (options.json)
    fmt::print("{}\n", dumped(all, 2));
  else if (all.empty())
    fmt::print("there are no sweeps yet\n");
  else
    fmt::print("{}", table.text(terminal_width(stdout)));
  return 0;
}

CLI::App* add(CLI::App& parent, const char* name, const char* about,
              const std::shared_ptr<SweepCommandOptions>& options, Command& chosen,
              int (*what)(const SweepCommandOptions&), bool of_one) {
  auto* command = parent.add_subcommand(name, about);
  if (of_one) {
    command
        ->add_option("SWEEP", options->sweep,
                     "An id or its beginning, a name (its latest sweep), or last")
        ->capture_default_str();
    command->add_option("--metric", options->metric, "Another metric than the sweep's own")
        ->transform(metric_name());
    command->add_option("--mode", options->mode, "Whether less or more of it is better")
        ->check(CLI::IsMember({"min", "max"}));
  }
  add_database(*command, options->database);
  command->add_flag("--json", options->json, "Everything as JSON, in full precision");
  command->callback(
      [options, what, &chosen] { chosen = [options, what] { return what(*options); }; });
  return command;
}

}  // namespace

void add_sweep(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<SweepCommandOptions>();
  auto* sweep = app.add_subcommand("sweep", "What came of the runs of a matrix or a search");
  sweep->require_subcommand(1);
  add(*sweep, "list", "All sweeps, the newest first", options, chosen, list, false);
  auto* page = add(*sweep, "show", "The best cells over their seeds, what matters, what failed",
                   options, chosen, show, true);
  page->add_option("--limit", options->limit, "Cells to show; 0: all")->capture_default_str();
  auto* found = add(*sweep, "best", "The best trial of the best cell", options, chosen, best, true);
  auto* to = found->add_option("--export", options->to, "Write a recipe that trains just that")
                 ->type_name("FILE");
  found->add_flag("--force", options->overwrite, "Overwrite the file if it is there")->needs(to);
}

}  // namespace runner
