#include "experiments/details.hpp"

#include "experiments/checkpoints.hpp"
#include "experiments/location.hpp"

#include <algorithm>
#include <map>

namespace runner {
namespace {

void read_row(const Database& database, RunDetails& details) {
  auto row = database.prepare(
      "SELECT name, recipe, status, reason, started, ended, host, boot_id, pid, pid_started, "
      "device, seed, git_commit, git_dirty, world_size, nodes, launcher, job_id, logs, restarts, "
      "idle"
      " FROM runs WHERE id = ?");
  if (!row.with(details.id).step()) return;
  const auto optional_text = [&](int column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.text(column));
  };
  Run& run = details.run;
  run.name = row.text(0);
  run.recipe_path = row.text(1);
  details.status = row.text(2);
  details.reason = row.text(3);
  details.started = row.integer(4);
  details.ended = row.optional_integer(5);
  run.process = {row.text(6), row.text(7), row.integer(8), row.integer(9)};
  run.device = optional_text(10);
  run.seed = row.optional_integer(11);
  run.git_commit = optional_text(12);
  if (!row.is_null(13)) run.git_dirty = row.integer(13) != 0;
  run.world_size = row.optional_integer(14);
  run.nodes = row.optional_integer(15);
  run.launcher = optional_text(16);
  run.job_id = optional_text(17);
  if (const auto logs = optional_text(18)) run.logs = place_of(database.file(), *logs).string();
  details.restarts = row.integer(19);
  details.idle = row.integer(20);
}

void read_documents(const Database& database, RunDetails& details) {
  auto row = database.prepare(
      "SELECT recipe, config, command, versions, data, environment, git_diff FROM documents"
      " WHERE run_id = ?");
  if (!row.with(details.id).step()) return;
  details.run.recipe_text = row.text(0);
  details.run.config = row.text(1);
  details.run.command = row.text(2);
  details.run.versions = row.text(3);
  details.run.data = row.text(4);
  details.run.environment = row.text(5);
  if (!row.is_null(6)) details.run.git_diff = row.text(6);
}

void read_commands(const Database& database, RunDetails& details) {
  auto row = database.prepare(
      "SELECT command FROM attempts WHERE run_id = ? AND command IS NOT NULL ORDER BY attempt");
  row.with(details.id);
  while (row.step()) details.commands.push_back(row.text(0));
  details.commands.push_back(details.run.command);
  auto& all = details.commands;
  all.erase(std::unique(all.begin(), all.end()), all.end());
}

void read_trial(const Database& database, RunDetails& details) {
  auto row = database.prepare(
      "SELECT t.sweep_id, s.name, t.number, t.parameters FROM runs r JOIN sweeps s ON s.id = "
      "r.sweep"
      " JOIN trials t ON t.sweep_id = s.id AND t.run_id = r.id WHERE r.id = ?");
  if (!row.with(details.id).step()) return;
  details.trial = TrialOf{row.text(0), row.text(1), row.integer(2), row.text(3)};
}

void read_settings(const Database& database, RunDetails& details) {
  auto row =
      database.prepare("SELECT path, value, origin FROM config WHERE run_id = ? ORDER BY path");
  row.with(details.id);
  while (row.step()) details.run.settings.push_back({row.text(0), row.value(1), row.text(2)});
}

void read_metrics(const Database& database, RunDetails& details) {
  auto row = database.prepare(
      "SELECT name, count, last_step, last_value, min_value, max_value FROM series"
      " WHERE run_id = ? AND count > 0 ORDER BY name");
  row.with(details.id);
  while (row.step()) {
    details.metrics.push_back(
        {row.text(0), row.integer(1), row.integer(2), row.real(3), row.real(4), row.real(5)});
  }
}

void read_epochs(const Database& database, RunDetails& details) {
  // The condition is that of the index points_at_epochs, which holds nothing but these points.
  auto point = database.prepare(
      "SELECT p.epoch, p.value FROM series s JOIN points p ON p.series_id = s.id WHERE s.run_id = "
      "? AND s.name = ?"
      " AND p.epoch > 0 AND p.epoch = CAST(p.epoch AS INTEGER) ORDER BY p.epoch, p.step");
  std::map<std::int64_t, EpochRow> rows;
  for (std::size_t metric = 0; metric < details.metrics.size(); ++metric) {
    point.with(details.id, details.metrics[metric].metric);
    while (point.step()) {
      auto& row = rows.try_emplace(point.integer(0), EpochRow{point.integer(0), {}}).first->second;
      row.values.resize(details.metrics.size());
      row.values[metric] = point.real(1);
    }
  }
  for (auto& [epoch, row] : rows) details.epochs.push_back(std::move(row));
}

}  // namespace

bool is_over(const RunDetails& run) { return run.status != "running" && run.status != "queued"; }

std::optional<double> duration(const RunDetails& run) {
  if (run.status == to_text(Status::queued)) return std::nullopt;
  return static_cast<double>(run.ended.value_or(now_ms()) - run.started - run.idle) / 1000;
}

RunDetails read_run(const Database& database, std::string_view id) {
  RunDetails details{};
  details.id = id;
  read_row(database, details);
  read_documents(database, details);
  read_commands(database, details);
  read_trial(database, details);
  read_settings(database, details);
  read_metrics(database, details);
  read_epochs(database, details);
  details.matrices = read_matrix_steps(database, id);
  details.checkpoints = read_checkpoints(database, id);
  return details;
}

}  // namespace runner
