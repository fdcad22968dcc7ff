#include "runner/record/run_record.hpp"

#include "experiments/location.hpp"

#include <cmath>

namespace runner {
namespace {

Status to_status(Ending ending) {
  switch (ending) {
    case Ending::done:
      return Status::done;
    case Ending::interrupted:
      return Status::interrupted;
    case Ending::failed:
      return Status::failed;
  }
  return Status::failed;
}

}  // namespace

RunRecord::RunRecord(const std::filesystem::path& database, const Run& run, const Save& save,
                     const std::optional<std::string>& earlier,
                     const std::optional<std::string>& new_id, const Warn& warn, Observer& next)
    : database_(std::filesystem::absolute(database)),
      save_(save),
      store_(Store::create_or_open(database)),
      next_(next) {
  begin(run, earlier, new_id, warn);
}

void RunRecord::begin(const Run& run, const std::optional<std::string>& earlier,
                      const std::optional<std::string>& new_id, const Warn& warn) {
  if (earlier) {
    start_ = newest_whole(store_, *earlier, warn);
    store_.start(*earlier, run, start_ ? start_->step : 0);
    id_ = *earlier;
  } else {
    id_ = store_.begin(run, new_id);
  }
  versions_ = Json::parse(run.versions);
  logs_ = logs_beside(database_) / id_;
  checkpoints_ = checkpoints_beside(database_) / id_;
  store_.set_logs(id_, logs_.string());
  delete_leftovers(store_, id_, checkpoints_);
  recorder_ = std::make_unique<Recorder>(database_, id_);
}

std::optional<std::filesystem::path> RunRecord::checkpoints() const {
  return save_.every ? std::optional(checkpoints_) : std::nullopt;
}

void RunRecord::event(const Json& message) {
  const auto& event = message.at("event");
  if (event == "ready") describe_worker(message);
  if (event == "metrics")
    for (const auto& point : message.at("points"))
      recorder_->record(point[0].get<std::string>(), point[1], point[2], point[3], point[4]);
  if (event == "evaluated") add_matrices(message);
  if (event == "saved") add_checkpoint(message);
  next_.event(message);
}

void RunRecord::progress(const Heartbeat& heartbeat) {
  if (system_ && system_->due())
    for (const auto& [name, value] : system_->measure())
      recorder_->record(name, heartbeat.step, std::nan(""), value);
  next_.progress(heartbeat);
}

void RunRecord::describe_worker(const Json& ready) {
  store_.set_device(id_, ready.at("device").get<std::string>());
  versions_.update(ready.at("versions"));
  store_.set_versions(id_, versions_.dump());
  if (system_) system_->set_gpus(ready.at("gpus"));
}

void RunRecord::add_matrices(const Json& evaluated) {
  for (const auto& [name, rows] : evaluated.at("matrices").items())
    recorder_->add({name, evaluated.at("step"), evaluated.at("epoch"), rows, now_ms()});
}

void RunRecord::add_checkpoint(const Json& saved) {
  std::int64_t bytes = 0;
  for (const auto& file : saved.at("files")) bytes += file.at("bytes").get<std::int64_t>();
  recorder_->add({saved.at("step"), saved.at("epoch"), saved.at("folder"), saved.at("files").dump(),
                  bytes, saved.at("measured").dump(), now_ms()});
  recorder_->flush();
  delete_needless(store_, id_, save_);
}

void RunRecord::restart(const Run& run, const std::string& reason, const Warn& warn) {
  recorder_->finish(Status::failed, reason);
  begin(run, id_, std::nullopt, warn);
}

void RunRecord::finish(const Outcome& outcome) {
  delete_leftovers(store_, id_, checkpoints_);
  recorder_->finish(to_status(outcome.ending), outcome.reason);
}

}  // namespace runner
