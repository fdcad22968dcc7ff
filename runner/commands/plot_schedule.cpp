#include "runner/commands/plot_schedule.hpp"

#include "experiments/json.hpp"
#include "registry/schedulers/schedule.hpp"
#include "runner/commands/options.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/recipe/run_length.hpp"
#include "runner/terminal/chart.hpp"
#include "runner/terminal/number.hpp"
#include "runner/terminal/screen.hpp"

#include <cmath>
#include <memory>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr int schedule_chart_height = 12;

struct SchedulePoint {
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

  SchedulePoint point(std::int64_t step) const {
    const auto progress = length.after_step(step);
    return {step,
            static_cast<double>(progress.samples) / static_cast<double>(length.samples_per_epoch),
            schedule->lr(recipe.config.at("optimizer").at("lr").get<double>(), progress)};
  }

  /// Evenly spaced, from the first step to the last; each step where there are no more.
  std::vector<SchedulePoint> points(std::int64_t most) const {
    const auto number = std::min(most, length.last_step);
    std::vector<SchedulePoint> out;
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
  fmt::print("{}\n", dumped(out, 2));
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
      chart(course.values(chart_resolution(width)), width, schedule_chart_height),
      chart_axis("step 1", fmt::format("step {}", with_commas(course.length.last_step)), width));
  if (course.depends_on_training())
    fmt::print(
        "\nThis scheduler waits for a metric: what training makes of it cannot be drawn "
        "before; this is its course without a change.\n");
}

}  // namespace

int plot_schedule(const SchedulePlotOptions& options) {
  const Course course(read_recipe(chosen_recipe(options.recipe), options.overrides));
  if (options.json)
    print_json(course, options.points);
  else if (options.csv)
    print_csv(course, options.points);
  else
    print_chart(course);
  return 0;
}

}  // namespace runner
