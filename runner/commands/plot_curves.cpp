#include "runner/commands/plot_curves.hpp"

#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/listing.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/say.hpp"
#include "experiments/store.hpp"
#include "runner/commands/plot_file.hpp"
#include "runner/terminal/curve_chart.hpp"
#include "runner/terminal/curve_points.hpp"
#include "runner/terminal/screen.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::int64_t usual_points = 1000;

RunCurvesRequest request_of(const CurvePlotOptions& options, const Database& database) {
  const bool drawn_here = !options.out && !options.json && !options.csv;
  const auto enough = drawn_here ? curve_chart_resolution(drawing_width(stdout)) : usual_points;
  return {find_runs(database, options.runs), split_names(options.metrics), options.axis,
          options.smoothing, options.points.value_or(enough)};
}

void say_what_is_missing(const std::vector<MetricCurves>& metrics) {
  for (const auto& [metric, curves] : metrics)
    for (const auto& curve : curves)
      if (curve.points.empty())
        say("run {} ({}) has nothing of {} to draw\n", curve.run, curve.name, metric);
}

void print_charts(const std::vector<MetricCurves>& metrics, const CurvePlotOptions& options) {
  CurveChartLook look;
  look.axis = options.axis;
  look.logarithmic = options.logarithmic;
  look.width = drawing_width(stdout);
  look.coloured = takes_colours(stdout);
  fmt::print("{}", curve_charts(metrics, look));
}

void write_picture(const std::vector<MetricCurves>& metrics, const CurvePlotOptions& options) {
  const figure::Figure figure{
      metrics,       options.axis,  options.logarithmic, options.smoothing > 0,
      options.width, options.height};
  if (const int least = figure::least_height(figure); options.height > 0 && options.height < least)
    throw UserError(
        fmt::format("--height {}: this picture needs at least {}", options.height, least));
  write_figure(*options.out, figure);
}

}  // namespace

int plot_curves(const CurvePlotOptions& options) {
  if (options.out) refuse_to_write(*options.out, options.overwrite);
  auto store = Store::open(find_database(options.database));
  const auto metrics = read_run_curves(store.database(), request_of(options, store.database()));
  if (options.json)
    fmt::print("{}\n", dumped(curves_json(metrics), 2));
  else if (options.csv)
    fmt::print("{}", curves_csv(metrics, options.smoothing > 0));
  else if (options.out)
    write_picture(metrics, options);
  else
    print_charts(metrics, options);
  std::fflush(stdout);
  say_what_is_missing(metrics);
  return 0;
}

}  // namespace runner
