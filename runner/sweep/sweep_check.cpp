#include "runner/sweep/sweep_check.hpp"

#include "experiments/say.hpp"
#include "runner/session/worker_check.hpp"
#include "runner/sweep/slots.hpp"

namespace runner {

std::unique_ptr<WorkerProcess> check_in_worker(const SweepRecipe& sweep, DataCache& data,
                                               const std::filesystem::path& database) {
  const auto gpus = this_machine().gpus;
  std::unique_ptr<WorkerProcess> worker;
  for (const auto& [key, recipe] : sweep.builds()) {
    const auto placement = place(recipe.config.at("topology"));
    const auto launch = launch_of_trial(placement, gpus);
    const auto weights = weights_to_check(recipe, database);
    const auto& prepared = data.data_of(recipe);
    if (!worker) worker = std::make_unique<WorkerProcess>(find_worker());
    if (!check_with(*worker, recipe, prepared, placement, launch, weights)) worker.reset();
  }
  return worker;
}

void check_before_run(const SweepRecipe& sweep, const std::filesystem::path& database) {
  Preparation look;
  look.fetches = false;
  DataCache data(look);
  try {
    check_in_worker(sweep, data, database);
  } catch (const DataUnavailable&) {
    say("runner: the model is not checked: its data would have to be fetched first\n");
  }
}

}  // namespace runner
