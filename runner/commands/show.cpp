#include "runner/commands/show.hpp"

#include "experiments/details.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/store.hpp"
#include "runner/commands/options.hpp"
#include "runner/launch/slurm_jobs.hpp"
#include "runner/terminal/moment.hpp"
#include "runner/terminal/run_page.hpp"
#include "runner/terminal/screen.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace runner {
namespace {

struct Options {
  std::optional<std::filesystem::path> database;
  std::string reference = "last";
  bool json = false;
};

using Json = nlohmann::ordered_json;

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
      if (values[i]) row[details.metrics[i].metric] = to_json(*values[i]);
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

Json to_json(const RunDetails& details) {
  const Run& run = details.run;
  return {{"id", details.id},
          {"name", run.name},
          {"status", details.status},
          {"reason", details.reason},
          {"started", iso_time(details.started)},
          {"ended", details.ended ? Json(iso_time(*details.ended)) : Json()},
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
          {"command", run.command},
          {"git_commit", or_null(run.git_commit)},
          {"git_dirty", or_null(run.git_dirty)},
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

int show(const Options& options) {
  Store store = Store::open(find_database(options.database));
  settle_slurm_jobs(store);
  const RunDetails details =
      read_run(store.database(), find_run(store.database(), options.reference));
  if (options.json) {
    fmt::print("{}\n", to_json(details).dump(2));
  } else {
    fmt::print("{}", run_page(details, terminal_width(stdout)));
  }
  return 0;
}

}  // namespace

void add_show(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand(
      "show", "Show one run: its config and where each value came from, its metrics and epochs");
  command
      ->add_option("RUN", options->reference,
                   "An id or its beginning, a name (its latest run), or last")
      ->capture_default_str();
  add_database(*command, options->database);
  command->add_flag("--json", options->json, "An object with everything, in full precision");
  command->callback([options, &chosen] { chosen = [options] { return show(*options); }; });
}

}  // namespace runner
