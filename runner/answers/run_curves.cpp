#include "runner/answers/run_curves.hpp"

#include "experiments/error.hpp"
#include "experiments/metric_patterns.hpp"
#include "experiments/reference.hpp"
#include "experiments/running_time.hpp"
#include "runner/answers/run_labels.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

double place(const CurvePoint& point, CurveAxis axis, const RunningTime& running) {
  if (axis == CurveAxis::step) return static_cast<double>(point.step);
  if (axis == CurveAxis::epoch) return point.epoch;
  return running.seconds(point.time);
}

RunCurve read(const Database& database, const std::string& run, const std::string& metric,
              const RunCurvesRequest& request) {
  const RunningTime running(database, run);
  RunCurve curve{run, name_of(database, run), {}, {}, {}, {}};
  std::vector<double> means;
  for (const auto& point :
       read_curve(database, run, metric, {.points = std::max<std::int64_t>(1, request.points)})) {
    const double x = place(point, request.axis, running);
    if (!std::isfinite(x)) continue;
    curve.points.push_back(point);
    curve.x.push_back(x);
    means.push_back(point.mean);
  }
  curve.y = smoothed(means, request.smoothing);
  return curve;
}

std::vector<std::string> chosen_metrics(const std::vector<std::string>& known,
                                        const RunCurvesRequest& request) {
  const bool one = request.runs.size() == 1;
  if (known.empty())
    throw UserError(one ? "the run has no metrics yet" : "the runs have no metrics yet");
  if (request.metrics.empty()) {
    const auto usual = usual_metrics(known);
    if (usual.empty())
      throw UserError(fmt::format("which metric? --metric takes {}", fmt::join(known, ", ")));
    return usual;
  }
  return metrics_meant(request.metrics, known, request.runs.size());
}

}  // namespace

std::vector<std::string> usual_metrics(const std::vector<std::string>& known) {
  constexpr std::size_t most = 4;
  std::vector<std::string> usual;
  const auto add = [&](const std::string& metric) {
    if (std::ranges::find(usual, metric) == usual.end() && usual.size() < most)
      usual.push_back(metric);
  };
  for (const auto* first : {"train/loss", "eval/loss", "eval/accuracy"})
    if (std::ranges::find(known, first) != known.end()) add(first);
  for (const auto& metric : known)
    if (metric.starts_with("eval/")) add(metric);
  return usual;
}

std::vector<MetricCurves> read_run_curves(const Database& database,
                                          const RunCurvesRequest& request) {
  const auto labels = run_labels(database, request.runs);
  std::vector<MetricCurves> out;
  for (const auto& metric : chosen_metrics(metrics_of(database, request.runs), request)) {
    auto& curves = out.emplace_back(MetricCurves{metric, {}}).curves;
    for (std::size_t i = 0; i < request.runs.size(); ++i) {
      curves.push_back(read(database, request.runs[i], metric, request));
      curves.back().label = labels[i];
    }
  }
  return out;
}

std::vector<double> smoothed(const std::vector<double>& values, double weight) {
  if (weight <= 0) return values;
  double sum = 0, mass = 0;
  std::vector<double> out;
  out.reserve(values.size());
  for (const double value : values) {
    if (!std::isfinite(value)) {
      out.push_back(value);
      continue;
    }
    sum = sum * weight + (1 - weight) * value;
    mass = mass * weight + (1 - weight);
    out.push_back(sum / mass);
  }
  return out;
}

}  // namespace runner
