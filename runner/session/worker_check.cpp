#include "runner/session/worker_check.hpp"

#include "experiments/error.hpp"
#include "experiments/say.hpp"
#include "registry/datasets/datasets.hpp"
#include "runner/recipe/doubts.hpp"
#include "runner/supervise/failure.hpp"

namespace runner {
namespace {

/// The worker's last word of a job.
std::optional<Json> end_of_job(Channel& channel) {
  while (auto message = channel.receive())
    if (message->value("event", "") == "finished") return message;
  return std::nullopt;
}

}  // namespace

bool check_with(WorkerProcess& worker, const Recipe& recipe, const Prepared& data,
                const Placement& placement, const Launch& launch) {
  // What one machine of several lacks, its rank tells the others.
  const auto device = launch.meeting ? "cpu" : placement.device;
  worker.channel().send({{"check", true},
                         {"config", recipe.config},
                         {"data", to_json(data)},
                         {"device", device},
                         {"local_rank", launch.first_gpu + launch.local_rank + launch.ranks_here - 1},
                         {"more_may_follow", true}});
  const auto end = end_of_job(worker.channel());
  if (!end) return false;
  if (end->at("kind") == static_cast<int>(FailureKind::mistake)) {
    // It begins with the field, where it is about one: "optimizer.groups[0].match: ...".
    const auto reason = end->at("reason").get<std::string>();
    throw UserError(located(origin_of(recipe, reason.substr(0, reason.find(": "))), reason));
  }
  worker.forget_last_job();
  return end->at("waits").get<bool>();
}

void check_before_run(const Recipe& recipe) {
  const auto placement = place(recipe.config.at("topology"));
  const auto environment = process_environment();
  const auto launch = find_launch(placement, environment, visible_gpus(environment));
  Preparation look;
  look.fetches = false;
  try {
    const auto data = prepare_dataset(recipe.config.at("dataset"), look);
    WorkerProcess worker(find_worker());
    check_with(worker, recipe, data, placement, launch);
  } catch (const DataUnavailable&) {
    say("runner: the model is not checked: its data would have to be fetched first\n");
  }
}

}  // namespace runner
