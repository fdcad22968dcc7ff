#include "runner/answers/run_curves.hpp"

#include "experiments/error.hpp"
#include "experiments/metric_patterns.hpp"
#include "runner/answers/run_labels.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

struct Head {
  std::string name;
  std::int64_t started = 0;
};

Head head_of(const Database& database, const std::string& id) {
  auto row = database.prepare("SELECT name, started FROM runs WHERE id = ?");
  return row.with(id).step() ? Head{row.text(0), row.integer(1)} : Head{};
}

double place(const CurvePoint& point, CurveAxis axis, std::int64_t started) {
  if (axis == CurveAxis::step) return static_cast<double>(point.step);
  if (axis == CurveAxis::epoch) return point.epoch;
  return static_cast<double>(point.time - started) / 1000;
}

RunCurve read(const Database& database, const std::string& run, const std::string& metric,
              const RunCurvesRequest& request) {
  const auto head = head_of(database, run);
  RunCurve curve{run, head.name, {}, {}, {}, {}};
  std::vector<double> means;
  for (const auto& point :
       read_curve(database, run, metric, {.points = std::max<std::int64_t>(1, request.points)})) {
    const double x = place(point, request.axis, head.started);
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
