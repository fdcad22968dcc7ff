#include "runner/commands/tryout.hpp"

#include "experiments/store.hpp"
#include "registry/datasets/temporary_folder.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/session/training.hpp"

#include <filesystem>

namespace runner {
namespace {

const std::vector<std::string> only_training{"eval.every=null", "eval.limit_batches=1",
                                             "save.every=null", "early_stopping.patience=null",
                                             "early_stopping.divergence_threshold=null"};

Tryout read_tryout(Outcome outcome, const std::filesystem::path& database) {
  auto store = Store::open(database);
  Tryout tryout{std::move(outcome), {}};
  auto points = store.database().prepare("SELECT name, step, value FROM metrics");
  while (points.step()) tryout.series[points.text(0)][points.integer(1)] = points.real(2);
  return tryout;
}

}  // namespace

double Tryout::last(const std::string& metric) const {
  const auto found = series.find(metric);
  return found == series.end() || found->second.empty() ? 0 : found->second.rbegin()->second;
}

Tryout make_tryout(const std::string& recipe_path, std::vector<std::string> overrides,
                   const std::vector<std::string>& settings) {
  overrides.insert(overrides.end(), only_training.begin(), only_training.end());
  overrides.insert(overrides.end(), settings.begin(), settings.end());
  const auto recipe = read_recipe(recipe_path, overrides);
  const auto placement = place(recipe.config.at("topology"));
  const auto environment = process_environment();
  const auto launch = find_launch(placement, environment, visible_gpus(environment));
  const TemporaryFolder folder("runner-tryout-");
  const auto database = folder.path() / "experiments.db";
  auto outcome = train(recipe, placement, launch, {"", database, Verbosity::quiet, std::nullopt});
  return read_tryout(std::move(outcome), database);
}

}  // namespace runner
