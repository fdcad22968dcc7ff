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
    case Ending::paused:
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

void RunRecord::event(const Event& event) {
  using namespace protocol;
  std::visit(Overloaded{[&](const Ready& ready) {
                          if (!has_begun()) begin();
                          describe_worker(ready);
                        },
                        [&](const Metrics& metrics) {
                          for (const auto& [metric, step, epoch, value, time] : metrics.points)
                            recorder_->record(metric, step, epoch, value, time);
                        },
                        [&](const Evaluated& evaluated) { add_matrices(evaluated); },
                        [&](const Saved& saved) { add_checkpoint(saved); },
                        [&](const NotSaved& not_saved) { not_saved_ = not_saved.reason; },
                        [](const auto&) {}},
             event);
  next_.event(event);
}

void RunRecord::progress(const Heartbeat& heartbeat) {
  if (has_begun() && system_ && system_->due())
    for (const auto& [name, value] : system_->measure())
      recorder_->record(name, heartbeat.step, std::nan(""), value);
  next_.progress(heartbeat);
}

void RunRecord::describe_worker(const protocol::Ready& ready) {
  versions_.update(ready.versions);
  write_with_patience([&] {
    store_.set_device(id_, ready.device);
    store_.set_versions(id_, versions_.dump());
  });
  if (system_) system_->set_gpus(ready.gpus);
}

void RunRecord::add_matrices(const protocol::Evaluated& evaluated) {
  for (const auto& [name, rows] : evaluated.matrices)
    recorder_->add({name, evaluated.step, evaluated.epoch, rows, now_ms()});
}

void RunRecord::add_checkpoint(const protocol::Saved& saved) {
  std::int64_t bytes = 0;
  for (const auto& file : saved.files) bytes += file.bytes;
  const auto measured = Wire<ByName<double>>::write(saved.measured);
  const auto files = Wire<std::vector<protocol::SavedFile>>::write(saved.files);
  recorder_->add(
      {saved.step, saved.epoch, saved.folder, files.dump(), bytes, dumped(measured), now_ms()});
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
