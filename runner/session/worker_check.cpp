#include "runner/session/worker_check.hpp"

#include "experiments/error.hpp"
#include "experiments/say.hpp"
#include "registry/datasets/datasets.hpp"
#include "runner/recipe/doubts.hpp"
#include "runner/recipe/sections.hpp"

#include <chrono>

#include <fmt/format.h>
#include <poll.h>

namespace runner {
namespace {

/// What the worker says, if it does so in time; it may be gone, or hang.
std::optional<protocol::Checked> answer_of(WorkerProcess& worker, double seconds) {
  using namespace std::chrono;
  const auto deadline = steady_clock::now() + duration<double>(seconds);
  while (true) {
    while (const auto message = worker.take())
      if (const auto* answer = std::get_if<protocol::Checked>(&*message)) return *answer;
    const auto left = ceil<milliseconds>(deadline - steady_clock::now()).count();
    pollfd source{worker.channel_fd(), POLLIN, 0};
    if (left <= 0 || poll(&source, 1, static_cast<int>(left)) <= 0 || !worker.channel().read())
      return std::nullopt;
  }
}

}  // namespace

bool check_with(WorkerProcess& worker, const Recipe& recipe, const Prepared& data,
                const Placement& placement, const Launch& launch,
                const std::optional<FoundWeights>& weights) {
  // What one machine of several lacks, its rank tells the others.
  const auto device = launch.meeting ? "cpu" : placement.device;
  protocol::Check check{recipe.config, data, device,
                        launch.first_gpu + launch.local_rank + launch.ranks_here - 1};
  if (weights) check.init = weights->file.string();
  worker.channel().send(check);
  const auto answer = answer_of(worker, placement.heartbeat);
  if (!answer) return false;
  if (const auto& mistake = answer->mistake)
    throw UserError(located(origin_of(recipe, mistake->field), mistake->text));
  return true;
}

std::optional<FoundWeights> weights_to_check(const Recipe& recipe,
                                             const std::filesystem::path& database) {
  try {
    return find_initial_weights(database, from_json<InitFrom>(recipe.config.at("init_from")));
  } catch (const UserError& error) {
    throw UserError(located(origin_of(recipe, "init_from.weights"), error.what()));
  }
}

void check_before_run(const Recipe& recipe, const std::filesystem::path& database) {
  const auto weights = weights_to_check(recipe, database);
  const auto placement = place(recipe.config.at("topology"));
  const auto environment = process_environment();
  const auto launch = find_launch(placement, environment, visible_gpus(environment));
  Preparation look;
  look.fetches = false;
  try {
    const auto data = prepare_dataset(recipe.config.at("dataset"), look);
    WorkerProcess worker(find_worker());
    check_with(worker, recipe, data, placement, launch, weights);
  } catch (const DataUnavailable&) {
    say("runner: the model is not checked: its data would have to be fetched first\n");
  }
}

}  // namespace runner
