#include "runner/exchange/mlflow.hpp"

#include "experiments/error.hpp"
#include "runner/exchange/metrics.hpp"
#include "runner/exchange/mlflow_schema.hpp"
#include "runner/exchange/output.hpp"

#include <boost/algorithm/string/replace.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

// MLflow has no infinities: it writes the largest numbers in their place. A NaN has a mark.
constexpr const char* value_columns =
    "max(min(ifnull({0}, 0), 1.7976931348623157e308), -1.7976931348623157e308)";

void write_run(const Database& target, const std::string& run_id, const fs::path& artifacts) {
  const auto run = [&](const char* sql) { target.prepare(sql).with(run_id).run(); };
  target
      .prepare(
          "INSERT INTO main.runs SELECT id, name, 'LOCAL', recipe, '', host,"
          " CASE status WHEN 'done' THEN 'FINISHED' WHEN 'interrupted' THEN 'KILLED'"
          " WHEN 'running' THEN 'RUNNING' WHEN 'queued' THEN 'SCHEDULED' ELSE 'FAILED' END,"
          " started, ended, ifnull(git_commit, ''), 'active', ?2, 1 FROM store.runs WHERE id = ?1")
      .with(run_id, (artifacts / run_id / "artifacts").string())
      .run();
  run("INSERT INTO main.params SELECT path, ifnull(substr(value, 1, 6000), 'null'), run_id"
      " FROM store.config WHERE run_id = ?");
  run("INSERT INTO main.tags SELECT tag, 'true', run_id FROM store.tags WHERE run_id = ?");
}

void write_tag(const Database& target, const std::string& run_id, const char* key,
               const char* column) {
  target
      .prepare(fmt::format(
          "INSERT OR IGNORE INTO main.tags SELECT '{}', substr(v, 1, 5000), id FROM (SELECT r.id,"
          " {} AS v FROM store.runs r LEFT JOIN store.documents d ON d.run_id = r.id WHERE r.id ="
          " ?) WHERE v IS NOT NULL AND v <> ''",
          key, column))
      .with(run_id)
      .run();
}

void write_tags(const Database& target, const std::string& run_id) {
  write_tag(target, run_id, "mlflow.runName", "name");
  write_tag(target, run_id, "mlflow.source.name", "command");
  write_tag(target, run_id, "mlflow.source.type", "'LOCAL'");
  write_tag(target, run_id, "mlflow.source.git.commit", "git_commit");
  write_tag(target, run_id, "mlflow.note.content", "note");
  for (const auto* column : {"status", "reason", "host", "device", "sweep", "seed"})
    write_tag(target, run_id, fmt::format("runner.{}", column).c_str(), column);
  write_tag(target, run_id, "runner.recipe", "r.recipe");
}

void write_metric(const Database& target, const std::string& run_id, const MetricSeries& metric) {
  const auto value = fmt::format(fmt::runtime(value_columns), "value");
  target
      .prepare(
          fmt::format("INSERT INTO main.metrics (\"key\", value, timestamp, run_uuid, step, is_nan)"
                      " SELECT ?2, {}, time, ?1, step, value IS NULL FROM store.points"
                      " WHERE series_id = ?3 ORDER BY step",
                      value))
      .with(run_id, metric.name, metric.id)
      .run();
  // Not from the table above, whose key has the run behind the time: that would read all runs.
  target
      .prepare(fmt::format("INSERT INTO main.latest_metrics"
                           " SELECT ?2, {}, time, step, value IS NULL, ?1 FROM store.points"
                           " WHERE series_id = ?3 ORDER BY step DESC LIMIT 1",
                           value))
      .with(run_id, metric.name, metric.id)
      .run();
}

void fill(const Database& target, const std::vector<std::string>& run_ids,
          const std::vector<std::string>& metrics, const Database& source, const fs::path& to) {
  const auto artifacts = fs::absolute(to).replace_extension("") += "-artifacts";
  target.prepare("INSERT INTO main.experiments VALUES (0, 'Default', ?, 'active')")
      .with((artifacts / "0").string())
      .run();
  target.prepare("INSERT INTO main.experiments VALUES (1, 'runner', ?, 'active')")
      .with((artifacts / "1").string())
      .run();
  for (const auto& run : run_ids) {
    write_run(target, run, artifacts / "1");
    write_tags(target, run);
    for (const auto& metric : metrics_of(source, run, metrics)) write_metric(target, run, metric);
  }
}

}  // namespace

void write_mlflow(const Database& database, const std::vector<std::string>& run_ids,
                  const std::vector<std::string>& metrics, const fs::path& to) {
  refuse_unknown_metrics(database, run_ids, metrics);
  Output output(to);
  const auto unfinished = output.unfinished_name();
  try {
    const Database target(unfinished, Database::Open::create);
    target.prepare("ATTACH ? AS store").with(read_only_address(database.file())).run();
    // Whatever goes wrong, the file goes.
    target.execute("PRAGMA main.journal_mode = OFF; PRAGMA main.synchronous = OFF");
    Transaction transaction(target);
    target.execute(mlflow_schema);
    fill(target, run_ids, metrics, database, to);
    transaction.commit();
  } catch (const StoreError& error) {
    throw StoreError(boost::replace_all_copy(std::string(error.what()),
                                             fs::absolute(unfinished).string(), to.string()));
  }
  output.commit();
}

}  // namespace runner
