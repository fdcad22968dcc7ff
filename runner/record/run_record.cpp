#include "runner/record/run_record.hpp"

#include "experiments/error.hpp"
#include "experiments/location.hpp"
#include "experiments/patience.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

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
    : database_(std::filesystem::absolute(database).lexically_normal()),
      save_(save),
      run_(run),
      store_(Store::create_or_open(database)),
      next_(next) {
  store_.database().set_durable(false);  // the recorder's commits take along what came before
  id_ = earlier ? *earlier : store_.begin(run_, new_id);
  versions_ = Json::parse(run_.versions);
  logs_ = logs_beside(database_) / id_;
  checkpoints_ = checkpoints_beside(database_) / id_;
  if (earlier) claim(warn);
  if (!standing_ || standing_->status == "queued") begin();
}

RunRecord::~RunRecord() {
  try {
    give_back();
  } catch (const StoreError&) {
    // Then it has crashed, for all that the store knows.
  }
}

void RunRecord::claim(const Warn& warn) {
  standing_ = store_.claim(id_, run_.process);
  start_ = newest_whole(store_, id_, warn);
  if (!start_ && standing_->status != "queued")
    warn(fmt::format("run {} has no checkpoint{}: it starts from the beginning", id_,
                     store_.checkpoints(id_).empty() ? "" : " that is of use"));
  delete_leftovers(store_, id_, checkpoints_);
}

void RunRecord::begin() {
  if (standing_) {
    give_back();
    store_.start(id_, run_, start_ ? start_->step : 0);
  }
  write_with_patience([&] { store_.set_logs(id_, logs_.string()); });
  recorder_ = std::make_unique<Recorder>(database_, id_);
}

void RunRecord::give_back() {
  if (const auto standing = std::exchange(standing_, std::nullopt))
    store_.give_back(id_, *standing);
}

std::optional<std::filesystem::path> RunRecord::checkpoints() const {
  return save_.every || saves_each_best() ? std::optional(checkpoints_) : std::nullopt;
}

bool RunRecord::saves_each_best() const {
  return std::ranges::any_of(run_.settings, [](const Setting& setting) {
    return setting.path.starts_with("save.keep_best.") && setting.origin != "default" &&
           setting.origin != "metric";
  });
}

void RunRecord::event(const Json& message) {
  const auto& event = message.at("event");
  if (event == "ready" && !has_begun()) begin();
  if (event == "ready") describe_worker(message);
  if (event == "metrics")
    for (const auto& point : message.at("points"))
      recorder_->record(point[0].get<std::string>(), point[1], point[2], point[3], point[4]);
  if (event == "evaluated") add_matrices(message);
  if (event == "saved") add_checkpoint(message);
  if (event == "not_saved") not_saved_ = message.at("reason");
  next_.event(message);
}

void RunRecord::progress(const Heartbeat& heartbeat) {
  if (has_begun() && system_ && system_->due())
    for (const auto& [name, value] : system_->measure())
      recorder_->record(name, heartbeat.step, std::nan(""), value);
  next_.progress(heartbeat);
}

void RunRecord::describe_worker(const Json& ready) {
  versions_.update(ready.at("versions"));
  write_with_patience([&] {
    store_.set_device(id_, ready.at("device").get<std::string>());
    store_.set_versions(id_, versions_.dump());
  });
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
                  bytes, dumped(saved.at("measured")), now_ms()});
  recorder_->flush();
  write_with_patience([&] { delete_needless(store_, id_, save_); });
}

std::string RunRecord::why_nothing_is_saved() {
  return not_saved_.empty() || !store_.checkpoints(id_).empty() ? "" : not_saved_;
}

void RunRecord::restart(const Run& run, const std::string& reason, const Warn& warn) {
  if (has_begun()) recorder_->finish(Status::failed, reason);
  recorder_.reset();
  give_back();
  run_ = run;
  claim(warn);
}

void RunRecord::finish(const Outcome& outcome) {
  if (!has_begun()) return give_back();
  delete_leftovers(store_, id_, checkpoints_);
  recorder_->finish(to_status(outcome.ending), outcome.reason);
}

}  // namespace runner
