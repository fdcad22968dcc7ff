#include "runner/terminal/run_json.hpp"

#include "experiments/json.hpp"
#include "runner/terminal/moment.hpp"

namespace runner {
namespace {

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json settings_to_json(const std::vector<Setting>& settings) {
  Json all = Json::object();
  for (const auto& [path, value, origin] : settings) {
    all[path] = {{"value", to_json(value)}, {"origin", origin}};
  }
  return all;
}

Json metrics_to_json(const std::vector<Summary>& metrics) {
  Json all = Json::object();
  for (const auto& [metric, count, last_step, last, min, max] : metrics) {
    all[metric] = {{"last", to_json(last)},
                   {"min", to_json(min)},
                   {"max", to_json(max)},
                   {"count", count},
                   {"last_step", last_step}};
  }
  return all;
}

Json epochs_to_json(const RunDetails& details) {
  Json all = Json::array();
  for (const auto& [epoch, values] : details.epochs) {
    Json& row = all.emplace_back(Json{{"epoch", epoch}});
    for (std::size_t i = 0; i < values.size(); ++i) {
      // As in wide exports.
      const auto& name = details.metrics[i].metric;
      if (values[i]) row[name == "epoch" ? "metric/epoch" : name] = to_json(*values[i]);
    }
  }
  return all;
}

Json checkpoints_to_json(const std::vector<Checkpoint>& checkpoints) {
  Json all = Json::array();
  for (const auto& [step, epoch, folder, files, bytes, measured, time] : checkpoints)
    all.push_back({{"step", step},
                   {"epoch", epoch},
                   {"time", iso_time(time)},
                   {"folder", folder},
                   {"bytes", bytes},
                   {"files", to_json_document(files)},
                   {"measured", to_json_document(measured)}});
  return all;
}

Json matrices_to_json(const std::vector<MatrixSteps>& matrices) {
  Json all = Json::object();
  for (const auto& [name, steps] : matrices) all[name] = {{"steps", steps}};
  return all;
}

}  // namespace

Json run_json(const RunDetails& details) {
  const Run& run = details.run;
  return {{"id", details.id},
          {"name", run.name},
          {"status", details.status},
          {"reason", details.reason},
          {"started", iso_time(details.started)},
          {"ended", details.ended ? Json(iso_time(*details.ended)) : Json()},
          {"duration", or_null(duration(details))},
          {"restarts", details.restarts},
          {"host", run.process.pid ? Json(run.process.host) : Json()},
          {"pid", run.process.pid ? Json(run.process.pid) : Json()},
          {"device", or_null(run.device)},
          {"world_size", or_null(run.world_size)},
          {"nodes", or_null(run.nodes)},
          {"launcher", or_null(run.launcher)},
          {"job_id", or_null(run.job_id)},
          {"logs", or_null(run.logs)},
          {"seed", or_null(run.seed)},
          {"sweep", details.trial ? Json(details.trial->sweep) : Json()},
          {"trial", details.trial ? Json(details.trial->number) : Json()},
          {"command", details.commands.front()},
          {"commands", details.commands},
          {"git_commit", or_null(run.git_commit)},
          {"git_dirty", or_null(run.git_dirty)},
          {"git_diff", or_null(run.git_diff)},
          {"environment", to_json_document(run.environment)},
          {"versions", to_json_document(run.versions)},
          {"data", to_json_document(run.data)},
          {"recipe_path", run.recipe_path},
          {"recipe", run.recipe_text},
          {"config", to_json_document(run.config)},
          {"settings", settings_to_json(run.settings)},
          {"metrics", metrics_to_json(details.metrics)},
          {"epochs", epochs_to_json(details)},
          {"matrices", matrices_to_json(details.matrices)},
          {"checkpoints", checkpoints_to_json(details.checkpoints)}};
}

Json annotations_json(const Annotations& said) {
  return {{"tags", said.tags}, {"note", said.note}, {"archived", said.archived}};
}

}  // namespace runner
