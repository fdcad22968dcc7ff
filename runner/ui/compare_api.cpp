#include "experiments/details.hpp"
#include "experiments/json.hpp"
#include "runner/ui/api.hpp"
#include "runner/ui/run_of.hpp"

#include <algorithm>
#include <map>

namespace runner::ui {
namespace {

using Row = std::vector<Json>;  // a value for each run, null where it has none

Json rows_json(const std::map<std::string, Row>& rows) {
  auto same = Json::array(), different = Json::array();
  for (const auto& [name, values] : rows) {
    const bool differs =
        std::ranges::any_of(values, [&](const Json& value) { return value != values.front(); });
    (differs ? different : same)
        .push_back({{"name", name}, {"values", values}, {"differs", differs}});
  }
  for (auto& row : same) different.push_back(std::move(row));
  return different;
}

Json head_json(const RunDetails& details) {
  return {{"id", details.id},
          {"name", details.run.name},
          {"status", details.status},
          {"started", details.started},
          {"ended", details.ended ? Json(*details.ended) : Json()},
          {"device", details.run.device ? Json(*details.run.device) : Json()},
          {"git_commit", details.run.git_commit ? Json(*details.run.git_commit) : Json()}};
}

}  // namespace

Json compare(const Call& call) {
  const auto ids = runs_of(call.database, call.query.text("runs"));
  std::map<std::string, Row> settings, metrics;
  const auto put = [&](auto& rows, const std::string& name, std::size_t run, Json value) {
    auto& row = rows[name];
    row.resize(ids.size());
    row[run] = std::move(value);
  };
  auto heads = Json::array();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto details = read_run(call.database, ids[i]);
    heads.push_back(head_json(details));
    for (const auto& [path, value, origin] : details.run.settings)
      put(settings, path, i, to_json(value));
    for (const auto& metric : details.metrics)
      put(metrics, metric.metric, i,
          {{"last", to_json(metric.last)},
           {"min", to_json(metric.min)},
           {"max", to_json(metric.max)}});
  }
  return {
      {"runs", std::move(heads)}, {"config", rows_json(settings)}, {"metrics", rows_json(metrics)}};
}

}  // namespace runner::ui
