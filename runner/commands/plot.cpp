#include "runner/commands/plot.hpp"

#include "experiments/error.hpp"
#include "registry/schedulers/schedule.hpp"
#include "runner/commands/options.hpp"
#include "runner/commands/plot_confusion.hpp"
#include "runner/commands/plot_sweep.hpp"
#include "runner/recipe/find.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/recipe/run_length.hpp"
#include "runner/terminal/chart.hpp"
#include "runner/terminal/number.hpp"
#include "runner/terminal/screen.hpp"

#include <cmath>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

constexpr int height = 12;

struct Options {
  std::string recipe;
  std::vector<std::string> overrides;
  bool schedule = false;
  bool confusion = false;
  std::optional<std::int64_t> step;
  std::optional<std::string> metric, mode;
  std::optional<std::filesystem::path> database;
  std::int64_t points = 1000;
  bool json = false;
  bool csv = false;
};

struct Point {
  std::int64_t step;  ///< the learning rate is that of the step after so many
  double epoch;
  double lr;
};

/// The course of the learning rate that a recipe gives a run.
struct Course {
  Recipe recipe;
  Length length;
  std::unique_ptr<Schedule> schedule;

  explicit Course(Recipe read)
      : recipe(std::move(read)),
        length(run_length(recipe.config)),
        schedule(build_schedule(recipe.config.at("scheduler"), length)) {}

  /// A schedule that has a state is no function of the progress alone.
  bool depends_on_training() const { return !schedule->state().is_null(); }

  Point point(std::int64_t step) const {
    const auto progress = length.after_step(step);
    return {step,
            static_cast<double>(progress.samples) / static_cast<double>(length.samples_per_epoch),
            schedule->lr(recipe.config.at("optimizer").at("lr").get<double>(), progress)};
  }

  /// Evenly spaced, from the first step to the last; each step where there are no more.
  std::vector<Point> points(std::int64_t most) const {
    const auto number = std::min(most, length.last_step);
    std::vector<Point> out;
    for (std::int64_t i = 0; i < number; ++i)
      out.push_back(point(number == 1 ? 0 : spaced(i, number)));
    return out;
  }

  /// As many as asked for; a short run's steps stand for several.
  std::vector<double> values(int number) const {
    std::vector<double> out;
    out.reserve(static_cast<std::size_t>(number));
    for (int i = 0; i < number; ++i) out.push_back(point(spaced(i, number)).lr);
    return out;
  }

 private:
  std::int64_t spaced(std::int64_t i, std::int64_t number) const {
    return std::llround(static_cast<double>(i) / static_cast<double>(number - 1) *
                        static_cast<double>(length.last_step - 1));
  }
};

void print_json(const Course& course, std::int64_t most) {
  auto points = Json::array();
  for (const auto& [step, epoch, lr] : course.points(most))
    points.push_back({{"step", step}, {"epoch", epoch}, {"lr", lr}});
  const Json out{{"recipe", course.recipe.path},
                 {"scheduler", course.recipe.config.at("scheduler")},
                 {"steps", course.length.last_step},
                 {"steps_per_epoch", course.length.steps_per_epoch()},
                 {"depends_on_training", course.depends_on_training()},
                 {"points", std::move(points)}};
  fmt::print("{}\n", out.dump(2));
}

void print_csv(const Course& course, std::int64_t most) {
  fmt::print("step,epoch,lr\n");
  for (const auto& [step, epoch, lr] : course.points(most))
    fmt::print("{},{},{}\n", step, epoch, lr);
}

void print_chart(const Course& course) {
  const int width = drawing_width(stdout);
  const auto epochs = course.point(course.length.last_step).epoch;
  fmt::print(
      "{}: learning rate by scheduler {}, {} steps, {:.4g} epoch{} of {} steps\n\n{}{}",
      course.recipe.name(), course.recipe.config.at("scheduler").at("name").get<std::string>(),
      with_commas(course.length.last_step), epochs, epochs == 1 ? "" : "s",
      with_commas(course.length.steps_per_epoch()),
      chart(course.values(chart_resolution(width)), width, height),
      chart_axis("step 1", fmt::format("step {}", with_commas(course.length.last_step)), width));
  if (course.depends_on_training())
    fmt::print(
        "\nThis scheduler waits for a metric: what training makes of it cannot be drawn "
        "before; this is its course without a change.\n");
}

int plot(const Options& options) {
  if (options.confusion)
    return plot_confusion({options.recipe, options.step, options.database, options.json});
  if (!options.schedule && is_sweep(options.recipe, options.database))
    return plot_sweep(
        {options.recipe, options.metric, options.mode, options.overrides, options.database});
  if (!options.schedule)
    throw UserError(
        "plot draws a sweep: runner plot SWEEP [PARAMETER ...], the learning rate of a recipe: "
        "runner plot --schedule RECIPE, or a run's confusion matrix: runner plot RUN --confusion");
  const Course course(read_recipe(find_recipe(options.recipe), options.overrides));
  if (options.json)
    print_json(course, options.points);
  else if (options.csv)
    print_csv(course, options.points);
  else
    print_chart(course);
  return 0;
}

}  // namespace

void add_plot(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand(
      "plot", "Draw a sweep, the learning rate that a recipe gives a run, or a confusion matrix");
  auto* schedule =
      command->add_flag("--schedule", options->schedule, "The learning rate, without training");
  auto* confusion =
      command
          ->add_flag("--confusion", options->confusion,
                     "What a run's evaluation found of each class: eval.metrics=[confusion_matrix]")
          ->excludes(schedule);
  command
      ->add_option("--step", options->step, "Of the evaluation after this step, not of the newest")
      ->needs(confusion);
  command->add_option("--metric", options->metric, "Of a sweep: another metric than its own")
      ->excludes(schedule)
      ->excludes(confusion);
  command->add_option("--mode", options->mode, "Of a sweep: what of the metric is better")
      ->check(CLI::IsMember({"min", "max"}))
      ->excludes(schedule);
  add_database(*command, options->database)->excludes(schedule);
  command
      ->add_option("what", options->recipe,
                   "A sweep; a recipe, with --schedule; or a run, with --confusion")
      ->required();
  add_overrides(*command, options->overrides,
                "Of a sweep: the parameters to draw; of a recipe: values in place of its own, "
                "scheduler.gamma=0.5");
  auto* json = command->add_flag("--json", options->json, "The points or counts as JSON");
  command->add_flag("--csv", options->csv, "The points as lines of step,epoch,lr")
      ->excludes(json)
      ->excludes(confusion);
  command
      ->add_option("--points", options->points,
                   "How many at most, for --json and --csv, evenly spaced")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->callback([options, &chosen] { chosen = [options] { return plot(*options); }; });
}

}  // namespace runner
