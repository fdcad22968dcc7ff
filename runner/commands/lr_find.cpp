#include "runner/commands/lr_find.hpp"

#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "registry/description.hpp"
#include "runner/commands/options.hpp"
#include "runner/commands/tryout.hpp"
#include "runner/terminal/chart.hpp"
#include "runner/terminal/screen.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

constexpr int rate_chart_height = 12;
constexpr double smoothing = 0.9;

struct LrFindOptions {
  std::string recipe;
  std::vector<std::string> overrides;
  double from = 1e-7;
  double to = 10;
  int steps = 100;
  bool json = false;
};

struct RatePoint {
  double lr, loss, smoothed;
};

/// A running average of the losses, in which the first values weigh no more than others.
std::vector<RatePoint> smooth(const Tryout& tryout) {
  std::vector<RatePoint> points;
  const auto losses = tryout.series.find("train/loss");
  if (losses == tryout.series.end()) return points;
  const auto& lrs = tryout.series.at("train/lr");
  double average = 0, weight = 0;
  for (const auto& [step, loss] : losses->second) {
    if (!std::isfinite(loss)) break;
    average = smoothing * average + (1 - smoothing) * loss;
    weight = smoothing * weight + (1 - smoothing);
    points.push_back({lrs.at(step), loss, average / weight});
  }
  return points;
}

/// Where the smoothed loss falls fastest over the logarithm of the learning rate, before it is at
/// its lowest.
std::optional<RatePoint> steepest(const std::vector<RatePoint>& points) {
  const auto lowest = std::min_element(points.begin(), points.end(),
                                       [](auto& a, auto& b) { return a.smoothed < b.smoothed; });
  std::optional<RatePoint> best;
  double fall = 0;
  for (auto point = points.begin(); point != points.end() && point < lowest; ++point) {
    const auto& next = *(point + 1);
    const double slope = (next.smoothed - point->smoothed) / std::log(next.lr / point->lr);
    if (slope < fall) {
      fall = slope;
      best = *point;
    }
  }
  return best;
}

std::vector<double> resampled(const std::vector<RatePoint>& points, int number) {
  std::vector<double> values;
  for (int i = 0; i < number; ++i) {
    const double place =
        static_cast<double>(i) / (number - 1) * static_cast<double>(points.size() - 1);
    const auto before = std::min(static_cast<std::size_t>(place), points.size() - 2);
    const double part = place - static_cast<double>(before);
    values.push_back((1 - part) * points[before].smoothed + part * points[before + 1].smoothed);
  }
  return values;
}

/// A loss that has exploded would flatten all that is of interest.
std::vector<RatePoint> without_explosion(std::vector<RatePoint> points) {
  if (points.empty()) return points;
  const double limit = 2 * points.front().smoothed;
  const auto exploded = std::find_if(points.begin(), points.end(),
                                     [&](auto& point) { return point.smoothed > limit; });
  points.erase(exploded, points.end());
  return points;
}

void print_chart(const std::string& recipe, const std::vector<RatePoint>& points) {
  const int width = drawing_width(stdout);
  fmt::print("{}: smoothed training loss over the learning rate, {} steps\n\n{}{}\n", recipe,
             points.size(),
             chart(resampled(points, chart_resolution(width)), width, rate_chart_height),
             chart_axis(fmt::format("{:.3g}", points.front().lr),
                        fmt::format("{:.3g}", points.back().lr), width));
}

void print_json(const std::vector<RatePoint>& points, const std::optional<RatePoint>& best) {
  auto rows = Json::array();
  for (const auto& [lr, loss, smoothed] : points)
    rows.push_back({{"lr", lr}, {"loss", loss}, {"smoothed", smoothed}});
  const Json out{{"suggestion", best ? Json(best->lr) : Json()}, {"points", std::move(rows)}};
  fmt::print("{}\n", dumped(out, 2));
}

int lr_find(const LrFindOptions& options) {
  if (options.from >= options.to) throw UserError("--from must be less than --to");
  const auto path = chosen_recipe(options.recipe);
  const auto tryout = make_tryout(
      path, options.overrides,
      {fmt::format("optimizer.lr={}", options.to),
       fmt::format("scheduler={{name: range_test, start_factor: {}}}", options.from / options.to),
       fmt::format("train.max_steps={}", options.steps), "train.epochs=1000000",
       "log.every=1 step"});
  if (tryout.outcome.ending == Ending::interrupted) return 3;
  const auto points = without_explosion(smooth(tryout));
  if (points.size() < 3)
    throw std::runtime_error(tryout.outcome.reason.empty() ? "too few steps for a curve"
                                                           : tryout.outcome.reason);
  const auto best = steepest(points);
  if (options.json) {
    print_json(points, best);
    return 0;
  }
  print_chart(path, points);
  if (best)
    fmt::print("The loss falls fastest at {0:.2g}: optimizer.lr={0:.2g}\n", best->lr);
  else
    fmt::print("The loss does not fall anywhere between {:.2g} and {:.2g}.\n", options.from,
               options.to);
  return 0;
}

}  // namespace

void add_lr_find(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<LrFindOptions>();
  auto* command = app.add_subcommand(
      "lr-find", "Train some steps with a learning rate that grows, and suggest one");
  add_recipe(*command, options->recipe);
  add_overrides(*command, options->overrides, "Values in place of the recipe's");
  command->add_option("--from", options->from, "The learning rate of the first step")
      ->check(number_above(0))
      ->capture_default_str();
  command->add_option("--to", options->to, "The learning rate of the last step")
      ->check(number_above(0))
      ->capture_default_str();
  command->add_option("--steps", options->steps, "How many steps")
      ->check(CLI::Range(10, 100000))
      ->capture_default_str();
  command->add_flag("--json", options->json, "The points and the suggestion as JSON");
  command->callback([options, &chosen] { chosen = [options] { return lr_find(*options); }; });
}

}  // namespace runner
