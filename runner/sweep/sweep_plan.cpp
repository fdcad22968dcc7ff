#include "runner/sweep/sweep_plan.hpp"

#include "experiments/store.hpp"
#include "runner/recipe/run_length.hpp"

namespace runner {
namespace {

/// The mean over the ten newest runs that were done with the same model, data and batch.
std::optional<double> seconds_per_step(const Database& database, const Recipe& recipe) {
  auto past = database.prepare(
      "SELECT (r.ended - r.started) / 1000.0 / s.last_step FROM runs r"
      " JOIN series s ON s.run_id = r.id AND s.name = 'train/loss'"
      " JOIN config m ON m.run_id = r.id AND m.path = 'model.name' AND m.value = ?1"
      " JOIN config d ON d.run_id = r.id AND d.path = 'dataset.name' AND d.value = ?2"
      " JOIN config b ON b.run_id = r.id AND b.path = 'train.batch_size' AND b.value = ?3"
      " WHERE r.status = 'done' AND r.restarts = 0 AND s.last_step > 0"
      " ORDER BY r.sequence DESC, r.id DESC LIMIT 10");
  past.with(recipe.config.at("model").at("name").get<std::string>(),
            recipe.config.at("dataset").at("name").get<std::string>(),
            recipe.config.at("train").at("batch_size").get<std::int64_t>());
  double sum = 0;
  int count = 0;
  for (; past.step(); ++count) sum += past.real(0);
  return count > 0 ? std::optional(sum / count) : std::nullopt;
}

PlannedCell plan(const Database* database, const Recipe& recipe, Json parameters) {
  PlannedCell planned{std::move(parameters), run_length(recipe.config).last_step, {}};
  if (!database) return planned;
  if (const auto step = seconds_per_step(*database, recipe))
    planned.seconds = *step * static_cast<double>(planned.steps);
  return planned;
}

/// One that stands for all, of a search.
std::vector<Cell> cells_to_plan(const SweepRecipe& sweep) {
  return sweep.searches() ? std::vector<Cell>{sweep.any_cell()} : sweep.cells();
}

}  // namespace

SweepEstimate estimate(const SweepRecipe& sweep, const std::filesystem::path& database) {
  std::optional<Store> store;
  if (std::filesystem::exists(database)) store.emplace(Store::open(database));
  SweepEstimate out;
  for (const auto& cell : cells_to_plan(sweep))
    out.cells.push_back(plan(store ? &store->database() : nullptr, sweep.recipe_of(cell),
                             sweep.parameters_of(cell)));
  out.trials = sweep.searches() ? sweep.trials() : std::ssize(out.cells);
  double sum = 0;
  for (const auto& cell : out.cells) {
    if (!cell.seconds) return out;
    sum += *cell.seconds;
  }
  out.seconds = sweep.searches() ? sum * static_cast<double>(out.trials) : sum;
  return out;
}

}  // namespace runner
