#include "runner/terminal/curve_points.hpp"

#include "experiments/json.hpp"
#include "runner/terminal/moment.hpp"

#include <cmath>

#include <fmt/format.h>

namespace runner {
namespace {

using Json = nlohmann::ordered_json;

Json point_json(const CurvePoint& point, double smoothed) {
  return {{"step", point.step},
          {"epoch", to_json(Value(point.epoch))},
          {"time", iso_time(point.time)},
          {"points", point.count},
          {"mean", to_json(Value(point.mean))},
          {"min", to_json(Value(point.min))},
          {"max", to_json(Value(point.max))},
          {"smoothed", to_json(Value(smoothed))}};
}

std::string cell(double value) { return std::isnan(value) ? "NaN" : fmt::format("{}", value); }

/// As RFC 4180 has it.
std::string quoted(const std::string& text) {
  if (text.find_first_of("\",\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char letter : text)
    out += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return out + "\"";
}

}  // namespace

Json curves_json(const std::vector<MetricCurves>& metrics) {
  auto out = Json::array();
  for (const auto& [metric, curves] : metrics) {
    auto all = Json::array();
    for (const auto& curve : curves) {
      auto points = Json::array();
      for (std::size_t i = 0; i < curve.points.size(); ++i)
        points.push_back(point_json(curve.points[i], curve.y[i]));
      all.push_back({{"run", curve.run}, {"name", curve.name}, {"points", std::move(points)}});
    }
    out.push_back({{"metric", metric}, {"curves", std::move(all)}});
  }
  return out;
}

std::string curves_csv(const std::vector<MetricCurves>& metrics, bool with_smoothed) {
  std::string out = "run,name,metric,step,epoch,time,points,mean,min,max";
  out += with_smoothed ? ",smoothed\n" : "\n";
  for (const auto& [metric, curves] : metrics)
    for (const auto& curve : curves)
      for (std::size_t i = 0; i < curve.points.size(); ++i) {
        const auto& point = curve.points[i];
        out += fmt::format("{},{},{},{},{},{},{},{},{},{}{}\n", curve.run, quoted(curve.name),
                           quoted(metric), point.step, cell(point.epoch), iso_time(point.time),
                           point.count, cell(point.mean), cell(point.min), cell(point.max),
                           with_smoothed ? "," + cell(curve.y[i]) : "");
      }
  return out;
}

}  // namespace runner
