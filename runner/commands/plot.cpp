#include "runner/commands/plot.hpp"

#include "experiments/error.hpp"
#include "experiments/location.hpp"
#include "experiments/quoting.hpp"
#include "experiments/store.hpp"
#include "runner/commands/chosen_runs.hpp"
#include "runner/commands/options.hpp"
#include "runner/commands/plot_confusion.hpp"
#include "runner/commands/plot_curves.hpp"
#include "runner/commands/plot_schedule.hpp"
#include "runner/commands/plot_sweep.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct PlotOptions {
  std::vector<std::string> words;
  std::string where;
  bool schedule = false;
  bool confusion = false;
  std::optional<std::int64_t> step;
  std::optional<std::string> metric, mode;
  std::string axis = "step";
  bool logarithmic = false;
  double smoothing = 0;
  std::optional<std::filesystem::path> database, out;
  int width = 800, height = 0;
  bool overwrite = false;
  std::optional<std::int64_t> points;
  bool json = false;
  bool csv = false;
  std::vector<std::string> of_curves;  ///< what was given that only curves have

  const std::string& what() const { return words.front(); }
  std::vector<std::string> rest() const { return {words.begin() + 1, words.end()}; }
};

CurveAxis axis_of(const std::string& name) {
  return name == "epoch" ? CurveAxis::epoch : name == "time" ? CurveAxis::time : CurveAxis::step;
}

/// A recipe says nothing of what happened: its name here is a forgotten --schedule.
void refuse_recipe(const PlotOptions& options) {
  for (const auto& word : options.words)
    if (word.ends_with(".yaml") || word.ends_with(".yml"))
      throw UserError(fmt::format(
          "{} is a recipe, and plot draws runs and sweeps; runner plot --schedule {} draws the "
          "learning rate that it gives a run",
          word, word));
}

void refuse_for_sweep(const PlotOptions& options) {
  if (options.out || options.csv)
    throw UserError(
        fmt::format("{} is a sweep, which is drawn on the terminal alone; --out and --csv take "
                    "runs: runner list --where 'sweep == {}' lists its",
                    options.what(), options.what()));
  if (!options.of_curves.empty())
    throw UserError(fmt::format("{} is a sweep, and {} is of the curves of runs", options.what(),
                                options.of_curves.front()));
}

int plot(PlotOptions options) {
  constexpr std::int64_t usual_points = 1000;
  if (options.words.empty() && options.schedule)
    throw UserError("plot --schedule needs a recipe: runner plot --schedule recipes/mnist.yaml");
  const bool by_filter = !options.where.empty();
  if (by_filter)
    options.words = find_runs(Store::open(find_database(options.database)).database(),
                              ChosenRuns{options.words, options.where});
  if (options.words.empty()) options.words = {"last"};
  if (options.schedule)
    return plot_schedule({options.what(), options.rest(), options.points.value_or(usual_points),
                          options.json, options.csv});
  refuse_recipe(options);
  if (options.confusion && options.words.size() > 1)
    throw UserError("a confusion matrix is of one run: runner plot RUN --confusion");
  if (options.confusion)
    return plot_confusion({options.what(), options.step, options.database, options.json});
  if (!by_filter && is_sweep(options.what(), options.database)) {
    refuse_for_sweep(options);
    if (options.metric) options.metric = unquoted(*options.metric);
    return plot_sweep({options.what(), options.metric, options.mode, options.rest(),
                       options.database, options.json});
  }
  if (options.mode)
    throw UserError(fmt::format("--mode is of a sweep, and {} is a run", options.what()));
  return plot_curves({options.words, options.metric.value_or(""), axis_of(options.axis),
                      options.logarithmic, options.smoothing, options.points, options.out,
                      options.width, options.height, options.overwrite, options.json, options.csv,
                      options.database});
}

/// Gives --out, which some others exclude.
CLI::Option* add_curve_options(CLI::App& command, PlotOptions& options) {
  command
      .add_option("--by", options.axis,
                  "What curves are drawn over; time is that which the run has run, without pauses")
      ->check(CLI::IsMember({"step", "epoch", "time"}))
      ->capture_default_str();
  command.add_flag("--log", options.logarithmic, "A logarithmic value axis");
  command
      .add_option("--smooth", options.smoothing,
                  "The share of the average so far that each point keeps: 0 to 0.999")
      ->check(CLI::Range(0.0, 0.999));
  auto* out =
      command
          .add_option("--out", options.out,
                      "A picture of the curves: a file that ends in .svg, .png, .pdf or .html")
          ->type_name("FILE");
  command.add_option("--width", options.width, "Of the picture, in pixels")
      ->needs(out)
      ->check(CLI::Range(300, 10000))
      ->capture_default_str();
  command.add_option("--height", options.height, "The same; without it, as its panels need")
      ->needs(out)
      ->check(CLI::Range(200, 10000));
  command.add_flag("--force", options.overwrite, "Overwrite the file if it is there")->needs(out);
  return out;
}

}  // namespace

void add_plot(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<PlotOptions>();
  auto* command = app.add_subcommand(
      "plot", "Draw curves of runs, a sweep, a confusion matrix, or a recipe's learning rate");
  auto* schedule = command->add_flag("--schedule", options->schedule,
                                     "The learning rate of a recipe, without training");
  auto* confusion =
      command
          ->add_flag("--confusion", options->confusion,
                     "What a run's evaluation found of each class: eval.metrics=[confusion_matrix]")
          ->excludes(schedule);
  command
      ->add_option("--step", options->step, "Of the evaluation after this step, not of the newest")
      ->needs(confusion);
  command
      ->add_option(
          "--metric", options->metric,
          "Of runs, separated by commas, or 'eval/*'; a name with a comma stands in double quotes; "
          "without it train/loss and what was "
          "evaluated. Of "
          "a sweep: another metric than its own")
      ->type_name("METRICS")
      ->excludes(schedule)
      ->excludes(confusion);
  command->add_option("--mode", options->mode, "Of a sweep: what of the metric is better")
      ->check(CLI::IsMember({"min", "max"}))
      ->excludes(schedule);
  auto* out = add_curve_options(*command, *options)->excludes(schedule)->excludes(confusion);
  add_database(*command, options->database)->excludes(schedule);
  command
      ->add_option("WHAT", options->words,
                   "Runs (ids, names or last); a sweep and the parameters to draw; or, with "
                   "--schedule, a recipe and values in place of its own")
      ->default_str("last");
  add_where(*command, options->where)->excludes(schedule);
  auto* json =
      command->add_flag("--json", options->json, "The points or counts as JSON")->excludes(out);
  command->add_flag("--csv", options->csv, "The points as lines")
      ->excludes(json)
      ->excludes(out)
      ->excludes(confusion);
  command
      ->add_option("--points", options->points,
                   "How many of each curve at most, evenly spaced; 1000 for --json and --csv")
      ->check(CLI::Range(1, 1000000));
  for (const auto* name : {"--by", "--log", "--smooth"})
    command->get_option(name)->excludes(schedule)->excludes(confusion);
  command->get_option("--mode")->excludes(confusion);
  command->get_option("--points")->excludes(confusion);
  command->callback([options, command, &chosen] {
    for (const auto* name : {"--by", "--log", "--smooth", "--points"})
      if (command->count(name) > 0) options->of_curves.emplace_back(name);
    chosen = [options] { return plot(*options); };
  });
}

}  // namespace runner
