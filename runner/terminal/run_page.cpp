#include "runner/terminal/run_page.hpp"

#include "experiments/json.hpp"
#include "runner/terminal/cell.hpp"
#include "runner/terminal/config_tree.hpp"
#include "runner/terminal/moment.hpp"
#include "runner/terminal/number.hpp"
#include "runner/terminal/parameters_text.hpp"
#include "runner/terminal/table.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace runner {
namespace {

using Json = nlohmann::ordered_json;

// An object as `key value, key value`.
std::string one_line_of(const std::string& document) {
  const Json json = to_json_document(document);
  if (json.is_null()) return "";
  if (!json.is_object()) return as_text(json);
  std::vector<std::string> parts;
  for (const auto& [key, value] : json.items())
    parts.push_back(fmt::format("{} {}", key, as_text(value)));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string git_state(const Run& run) {
  if (!run.git_commit) return "";
  if (!run.git_dirty.value_or(false)) return *run.git_commit;
  return fmt::format("{}, with uncommitted changes{}", *run.git_commit,
                     run.git_diff ? ": see show --diff" : "");
}

// `4 on 2 nodes, started by slurm`
std::string ranks(const Run& run) {
  if (!run.world_size) return "";
  return fmt::format("{}{}{}", *run.world_size,
                     run.nodes.value_or(1) > 1 ? fmt::format(" on {} nodes", *run.nodes) : "",
                     run.launcher ? fmt::format(", started by {}", *run.launcher) : "");
}

std::string place_of(const Process& process) {
  return process.pid == 0 ? "" : fmt::format("{}, process {}", process.host, process.pid);
}

// `2q7tvbjqzm (mnist_sweep), trial 3: optimizer.lr 0.3, seed 2`
std::string trial_of(const std::optional<TrialOf>& trial) {
  if (!trial) return "";
  return fmt::format("{} ({}), trial {}: {}", trial->sweep, trial->name, trial->number,
                     parameters_text(to_json_document(trial->parameters)));
}

std::string status_of(const RunDetails& details) {
  return details.reason.empty() ? details.status
                                : fmt::format("{}: {}", details.status, details.reason);
}

std::string header(const RunDetails& details, int width) {
  const Run& run = details.run;
  Table table;
  table.add_column("");
  table.add_column("");
  const auto line = [&](std::string title, std::string text) {
    if (!text.empty()) table.add_row() = {std::move(title), std::move(text)};
  };
  line("id", details.id);
  line("name", run.name);
  line("status", status_of(details));
  line("recipe", run.recipe_path);
  const bool waits = details.status == to_text(Status::queued);
  line(waits ? "queued" : "started", fmt::format("{} ({})", date_and_time(details.started),
                                                 how_long_ago(details.started, now_ms())));
  line("ended", details.ended ? date_and_time(*details.ended) : "");
  line("duration", waits ? "" : how_long(*duration(details)));
  line("restarts", details.restarts > 0 ? fmt::format("{}", details.restarts) : "");
  line("host", place_of(run.process));
  line("ranks", ranks(run));
  line("job", run.job_id.value_or(""));
  line("logs", run.logs.value_or(""));
  line("device", run.device.value_or(""));
  line("seed", run.seed ? fmt::format("{}", *run.seed) : "");
  line("sweep", trial_of(details.trial));
  for (const auto& command : details.commands)
    line(&command == details.commands.data() ? "command" : "and then", command);
  line("git", git_state(run));
  line("versions", one_line_of(run.versions));
  line("data", one_line_of(run.data));
  line("environment", one_line_of(run.environment));
  return table.text(width);
}

std::string metric_table(const std::vector<Summary>& metrics, int width) {
  Table table;
  table.add_column("metric");
  for (const char* title : {"last", "min", "max", "points", "at step"})
    table.add_column(title, Table::Align::right);
  for (const auto& metric : metrics) {
    table.add_row() = {metric.metric,    cell(metric.last),  cell(metric.min),
                       cell(metric.max), cell(metric.count), cell(metric.last_step)};
  }
  return table.text(width);
}

Value to_value(const std::optional<double>& value) { return value ? Value(*value) : Value(); }

std::string epoch_table(const RunDetails& details, int width) {
  Table table;
  table.add_column("epoch", Table::Align::right);
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < details.metrics.size(); ++i) {
    if (std::ranges::none_of(details.epochs,
                             [i](const EpochRow& row) { return row.values[i].has_value(); }))
      continue;
    shown.push_back(i);
    table.add_column(details.metrics[i].metric, Table::Align::right);
  }
  for (const auto& row : details.epochs) {
    auto& cells = table.add_row();
    cells.push_back(fmt::format("{}", row.epoch));
    for (const auto i : shown) cells.push_back(cell(to_value(row.values[i])));
  }
  return table.text(width);
}

std::string matrix_table(const RunDetails& details, int width) {
  Table table;
  table.add_column("matrix");
  for (const char* title : {"evaluations", "at step"}) table.add_column(title, Table::Align::right);
  table.add_column("drawn by");
  for (const auto& [name, steps] : details.matrices)
    table.add_row() = {name, cell(static_cast<std::int64_t>(steps.size())), cell(steps.back()),
                       fmt::format("runner plot {} --confusion", details.id)};
  return table.text(width);
}

std::string checkpoint_table(const std::vector<Checkpoint>& checkpoints, int width) {
  Table table;
  for (const char* title : {"checkpoint", "epoch", "size"})
    table.add_column(title, Table::Align::right);
  table.add_column("saved");
  table.add_column("folder");
  for (const auto& each : checkpoints)
    table.add_row() = {fmt::format("step {}", each.step), fmt::format("{:.4g}", each.epoch),
                       bytes(each.bytes), date_and_time(each.time), each.folder};
  return table.text(width);
}

}  // namespace

std::string run_page(const RunDetails& details, int width) {
  std::string page = header(details, width);
  if (!details.run.settings.empty())
    page.append("\n").append(config_tree(details.run.settings, width));
  if (!details.metrics.empty()) page.append("\n").append(metric_table(details.metrics, width));
  if (!details.epochs.empty()) page.append("\n").append(epoch_table(details, width));
  if (!details.checkpoints.empty())
    page.append("\n").append(checkpoint_table(details.checkpoints, width));
  if (!details.matrices.empty()) page.append("\n").append(matrix_table(details, width));
  return page;
}

}  // namespace runner
