#include "experiments/comparison.hpp"
#include "runner/ui/api.hpp"
#include "runner/ui/run_of.hpp"

namespace runner::ui {
namespace {

/// What differs comes first.
Json rows_json(const std::vector<ComparedRow>& rows) {
  auto same = Json::array(), different = Json::array();
  for (const auto& row : rows)
    (row.differs() ? different : same)
        .push_back({{"name", row.name}, {"values", row.values}, {"differs", row.differs()}});
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
  const auto comparison =
      compare_runs(call.database, runs_of(call.database, call.query.text("runs")));
  auto heads = Json::array();
  for (const auto& run : comparison.runs) heads.push_back(head_json(run));
  return {{"runs", std::move(heads)},
          {"config", rows_json(comparison.config)},
          {"code", rows_json(comparison.code)},
          {"data", rows_json(comparison.data)},
          {"surroundings", rows_json(comparison.surrounding)},
          {"metrics", rows_json(comparison.metrics)}};
}

}  // namespace runner::ui
