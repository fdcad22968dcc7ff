#include "experiments/trials.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::array<std::string_view, 6> status_names{"waiting", "running", "paused",
                                                       "done",    "failed",  "pruned"};

TrialStatus to_status(const std::string& text) {
  for (std::size_t i = 0; i < status_names.size(); ++i)
    if (status_names[i] == text) return static_cast<TrialStatus>(i);
  return TrialStatus::waiting;
}

constexpr auto trial_columns =
    "number, key, parameters, point, status, rung, ifnull(run_id, ''), value, ifnull(failure, ''),"
    " ifnull(reason, ''), attempts";

Trial to_trial(const Statement& row) {
  Trial trial{row.integer(0), row.text(1), row.text(2), row.text(3), to_status(row.text(4)),
              row.integer(5), row.text(6), {},          row.text(8), row.text(9),
              row.integer(10)};
  if (!row.is_null(7)) trial.value = row.real(7);
  return trial;
}

// Other hosts' processes cannot be seen: one that has not said for so long that it lives is lost.
constexpr std::int64_t lease_ms = 90'000;

constexpr auto lease_columns = "host, boot_id, pid, pid_started, renewed";

/// Whether the process is gone whose lease begins at that column.
bool is_lost(const Statement& row, int first, const Process& here) {
  const Process holder{row.text(first), row.text(first + 1), row.integer(first + 2),
                       row.integer(first + 3)};
  if (holder.host == here.host) return !is_alive(holder, here);
  return row.integer(first + 4) < now_ms() - lease_ms;
}

}  // namespace

std::string_view to_text(TrialStatus status) {
  return status_names[static_cast<std::size_t>(status)];
}

Trials::Trials(const Database& database, std::string sweep_id)
    : database_(database), sweep_id_(std::move(sweep_id)) {}

void Trials::add(const Trial& trial) {
  auto known = database_.prepare("SELECT 1 FROM trials WHERE sweep_id = ? AND key = ?");
  if (!known.with(sweep_id_, trial.key).step()) append(trial);
}

std::int64_t Trials::append(const Trial& trial) {
  const auto number = count() + 1;
  database_
      .prepare(
          "INSERT INTO trials (sweep_id, number, key, parameters, point) VALUES (?, ?, ?, ?, ?)")
      .with(sweep_id_, number, trial.key, trial.parameters, trial.point)
      .run();
  return number;
}

std::vector<Trial> Trials::read(std::string_view condition,
                                const std::optional<std::string>& text) const {
  auto select = database_.prepare(
      fmt::format("SELECT {} FROM trials WHERE {} ORDER BY number", trial_columns, condition));
  select.bind(1, sweep_id_);
  if (text) select.bind(2, *text);
  std::vector<Trial> trials;
  while (select.step()) trials.push_back(to_trial(select));
  return trials;
}

std::vector<Trial> Trials::all() const { return read("sweep_id = ?1", {}); }

std::vector<Trial> Trials::with_status(TrialStatus status) const {
  return read("sweep_id = ?1 AND status = ?2", std::string(to_text(status)));
}

std::optional<Trial> Trials::first_waiting(const std::function<bool(const Trial&)>& wanted) const {
  auto select = database_.prepare(
      fmt::format("SELECT {} FROM trials WHERE sweep_id = ? AND status = 'waiting' ORDER BY number",
                  trial_columns));
  select.with(sweep_id_);
  while (select.step())
    if (auto trial = to_trial(select); wanted(trial)) return trial;
  return std::nullopt;
}

std::int64_t Trials::count() const {
  // Numbers have no gaps: nothing is taken out.
  auto select = database_.prepare("SELECT ifnull(max(number), 0) FROM trials WHERE sweep_id = ?");
  return select.with(sweep_id_).step() ? select.integer(0) : 0;
}

std::int64_t Trials::count(TrialStatus status) const {
  auto select = database_.prepare("SELECT count(*) FROM trials WHERE sweep_id = ? AND status = ?");
  return select.with(sweep_id_, to_text(status)).step() ? select.integer(0) : 0;
}

std::optional<Trial> Trials::twin(const Trial& trial, const Process& here) const {
  constexpr int lease = 11;
  auto select = database_.prepare(
      fmt::format("SELECT {}, {} FROM trials WHERE key = ?1 AND NOT (sweep_id = ?2 AND number = ?3)"
                  " AND (status = 'running' OR status = 'done') ORDER BY status = 'running'",
                  trial_columns, lease_columns));
  select.with(trial.key, sweep_id_, trial.number);
  while (select.step())
    if (auto twin = to_trial(select);
        twin.status == TrialStatus::done || !is_lost(select, lease, here))
      return twin;
  return std::nullopt;
}

void Trials::claim(const Trial& trial, std::string_view run_id, const Process& holder) {
  database_
      .prepare(
          "UPDATE trials SET status = 'running', run_id = ?3, attempts = attempts + 1,"
          " failure = NULL, reason = NULL, host = ?4, boot_id = ?5, pid = ?6, pid_started = ?7,"
          " renewed = ?8 WHERE sweep_id = ?1 AND number = ?2")
      .with(sweep_id_, trial.number, run_id, holder.host, holder.boot_id, holder.pid,
            holder.started, now_ms())
      .run();
}

void Trials::renew(const Process& holder) {
  database_
      .prepare(
          "UPDATE trials SET renewed = ?4 WHERE status = 'running' AND host = ?1 AND pid = ?2"
          " AND pid_started = ?3")
      .with(holder.host, holder.pid, holder.started, now_ms())
      .run();
}

void Trials::release_lost(const Process& here) {
  auto running = database_.prepare(fmt::format(
      "SELECT number, {} FROM trials WHERE sweep_id = ? AND status = 'running'", lease_columns));
  running.with(sweep_id_);
  std::vector<std::int64_t> lost;
  while (running.step())
    if (is_lost(running, 1, here)) lost.push_back(running.integer(0));
  for (const auto number : lost) put(number, TrialStatus::waiting);
}

void Trials::set_value(std::int64_t number, double value) {
  database_.prepare("UPDATE trials SET value = ?3 WHERE sweep_id = ?1 AND number = ?2")
      .with(sweep_id_, number, value)
      .run();
}

void Trials::put(std::int64_t number, TrialStatus status, std::string_view failure,
                 std::string_view reason) {
  database_
      .prepare(
          "UPDATE trials SET attempts = CASE"
          "   WHEN status = 'running' AND ?3 IN ('waiting', 'paused') AND ifnull(?4, '') = ''"
          "   THEN attempts - 1"
          "   WHEN status = 'failed' THEN 0 ELSE attempts END,"
          " status = ?3, failure = nullif(?4, ''), reason = nullif(?5, ''),"
          " host = NULL, boot_id = NULL, pid = NULL, pid_started = NULL, renewed = NULL"
          " WHERE sweep_id = ?1 AND number = ?2")
      .with(sweep_id_, number, to_text(status), failure, reason)
      .run();
}

void Trials::set_rung(std::int64_t number, std::int64_t rung) {
  database_.prepare("UPDATE trials SET rung = ?3 WHERE sweep_id = ?1 AND number = ?2")
      .with(sweep_id_, number, rung)
      .run();
}

void Trials::copy_result(std::int64_t number, const Trial& twin, std::optional<double> value) {
  database_
      .prepare(
          "UPDATE trials SET status = 'done', run_id = ?3, value = ?4, rung = ?5"
          " WHERE sweep_id = ?1 AND number = ?2")
      .with(sweep_id_, number, twin.run_id, value, twin.rung)
      .run();
}

void Trials::add_rung_result(std::int64_t number, std::int64_t rung, double value) {
  database_.prepare("INSERT OR REPLACE INTO rung_results VALUES (?, ?, ?, ?)")
      .with(sweep_id_, number, rung, value)
      .run();
}

std::vector<Trials::RungRow> Trials::rung_results() const {
  auto select = database_.prepare(
      "SELECT number, rung, value FROM rung_results WHERE sweep_id = ? ORDER BY rung, number");
  select.with(sweep_id_);
  std::vector<RungRow> rows;
  while (select.step()) rows.push_back({select.integer(0), select.integer(1), select.real(2)});
  return rows;
}

}  // namespace runner
