#include "experiments/curves.hpp"
#include "experiments/running_time.hpp"
#include "runner/ui/api.hpp"
#include "runner/ui/run_of.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace runner::ui {
namespace {

constexpr std::int64_t most_points = 20'000;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

CurveRequest request_of(const Query& query) {
  CurveRequest request;
  request.first_step = query.integer("first_step", request.first_step);
  request.last_step = query.integer("last_step", request.last_step);
  request.points = std::clamp<std::int64_t>(query.integer("points", 800), 2, most_points);
  return request;
}

/// `seconds` are those that the run had run.
Json curve_json(const std::vector<CurvePoint>& curve, const RunningTime& running) {
  Json json = {{"step", Json::array()},    {"epoch", Json::array()}, {"time", Json::array()},
               {"seconds", Json::array()}, {"count", Json::array()}, {"mean", Json::array()},
               {"min", Json::array()},     {"max", Json::array()}};
  for (const auto& point : curve) {
    json["step"].push_back(point.step);
    json["epoch"].push_back(number(point.epoch));
    json["time"].push_back(point.time);
    json["seconds"].push_back(running.seconds(point.time));
    json["count"].push_back(point.count);
    json["mean"].push_back(number(point.mean));
    json["min"].push_back(number(point.min));
    json["max"].push_back(number(point.max));
  }
  return json;
}

struct Head {
  std::string name, status;
  std::int64_t started = 0;
};

Head head_of(const Database& database, const std::string& id) {
  auto row = database.prepare("SELECT name, status, started FROM runs WHERE id = ?");
  if (!row.with(id).step()) return {};
  return {row.text(0), row.text(1), row.integer(2)};
}

}  // namespace

Json metrics(const Call& call) {
  std::set<std::string> names;
  auto runs = Json::array();
  auto row = call.database.prepare("SELECT name FROM series WHERE run_id = ? AND count > 0");
  for (const auto& id : runs_of(call.database, call.query.text("runs"))) {
    row.with(id);
    while (row.step()) names.insert(row.text(0));
    runs.push_back({{"id", id}, {"name", head_of(call.database, id).name}});
  }
  return {{"metrics", names}, {"runs", std::move(runs)}};
}

Json curves(const Call& call) {
  const auto metric = call.query.text("metric");
  const auto request = request_of(call.query);
  auto all = Json::array();
  for (const auto& id : runs_of(call.database, call.query.text("runs"))) {
    const auto head = head_of(call.database, id);
    Json curve = {
        {"run", id}, {"name", head.name}, {"status", head.status}, {"started", head.started}};
    curve.update(
        curve_json(read_curve(call.database, id, metric, request), RunningTime(call.database, id)));
    all.push_back(std::move(curve));
  }
  return {{"metric", metric}, {"curves", std::move(all)}};
}

}  // namespace runner::ui
