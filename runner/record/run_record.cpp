#include "runner/record/run_record.hpp"

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

std::string start(Store& store, const Run& run, const std::optional<std::string>& queued) {
  if (!queued) return store.begin(run);
  store.start(*queued, run);
  return *queued;
}

}  // namespace

RunRecord::RunRecord(const std::filesystem::path& database, const Run& run,
                     const std::optional<std::string>& queued, Observer& next)
    : store_(Store::create_or_open(database)),
      id_(start(store_, run, queued)),
      logs_(std::filesystem::absolute(database).parent_path() / "logs" / id_),
      recorder_(database, id_),
      next_(next) {
  store_.set_logs(id_, logs_.string());
}

void RunRecord::event(const Json& message) {
  const auto& event = message.at("event");
  if (event == "ready") store_.set_device(id_, message.at("device").get<std::string>());
  if (event == "metrics")
    for (const auto& point : message.at("points"))
      recorder_.record(point[0].get<std::string>(), point[1], point[2], point[3], point[4]);
  next_.event(message);
}

void RunRecord::finish(const Outcome& outcome) {
  recorder_.finish(to_status(outcome.ending), outcome.reason);
}

}  // namespace runner
