#include "runner/recipe/doubts.hpp"

#include "experiments/error.hpp"
#include "runner/sweep/sweep_recipe.hpp"
#include "tests/runner/recipe/recipes.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

using Lines = std::vector<std::string>;

// 10 steps an epoch.
const std::string made_up =
    "model: mlp\ndataset: {name: synthetic, samples: 100}\nloss: cross_entropy\n"
    "optimizer: {name: sgd, lr: 0.1}\n";

Lines warnings(const std::string& more) {
  const RecipeFolder folder;
  folder.write("r.yaml", made_up + more);
  return warnings_of(doubts_of(read_recipe("r.yaml")));
}

Lines warnings_of_sweep(const std::string& more) {
  const RecipeFolder folder;
  folder.write("r.yaml", made_up + more);
  return warnings_of(std::get<SweepRecipe>(read_run_or_sweep("r.yaml", {})).doubts());
}

}  // namespace

TEST_CASE("a warm-up longer than the run is in doubt, also of a scheduler in another") {
  CHECK(warnings("train: {batch_size: 10}\nscheduler: {name: cosine, warmup: 10 steps}").empty());
  CHECK(
      warnings("train: {batch_size: 10}\nscheduler: {name: cosine, warmup: 11 steps}") ==
      Lines{
          "r.yaml:6:35: scheduler.warmup is 11 steps, and the run has 10 steps: the learning rate "
          "never comes to the optimizer's lr"});
  CHECK(
      warnings("train: {batch_size: 10}\nscheduler: {name: chained, schedulers: [{name: "
               "constant, warmup: 200 samples}, cosine], milestones: [5], interval: step}") ==
      Lines{"r.yaml:6:66: scheduler.schedulers[0].warmup is 200 samples, and the run has 10 steps: "
            "the learning rate never comes to the optimizer's lr"});
}

TEST_CASE("patience without an evaluation before the end is in doubt") {
  const std::string patient = "early_stopping: {patience: 3}\ntrain: {batch_size: 10, epochs: 2}\n";
  CHECK(warnings(patient).empty());
  CHECK(warnings(patient + "eval: {every: 1 minute}").empty());
  CHECK(warnings(patient + "eval: {every: null}") ==
        Lines{"r.yaml:5:28: early_stopping.patience is 3, but eval.every is null: without an "
              "evaluation before the run's end nothing is stopped early"});
  CHECK(warnings(patient + "eval: {every: 20 steps}") ==
        Lines{"r.yaml:5:28: early_stopping.patience is 3, but eval.every is 20 steps: without an "
              "evaluation before the run's end nothing is stopped early"});
}

TEST_CASE("a batch larger than the data is in doubt") {
  CHECK(warnings("train: {batch_size: 100}").empty());
  CHECK(warnings("train: {batch_size: 101}") ==
        Lines{"r.yaml:5:21: train.batch_size is 101, but there are 100 training samples: each step "
              "takes all of them"});
}

TEST_CASE("a warm-up in which the only step has a learning rate of 0 is refused") {
  const std::string one_step = "train: {batch_size: 100}\n";
  CHECK(
      warnings(one_step + "scheduler: {name: cosine, warmup: 2 steps, warmup_start: 0.5}").size() ==
      1);
  CHECK_THROWS_WITH_AS(
      warnings(one_step + "scheduler: {name: cosine, warmup: 1 epoch}"),
      "r.yaml:6:35: scheduler.warmup is 1 epoch and begins at a learning rate of 0, which is that "
      "of "
      "the run's only step: nothing would be trained; expected a longer run or a warmup_start",
      UserError);
}

TEST_CASE("a sweep is in doubt once for each field, and for pruning that begins after its trials") {
  CHECK(warnings_of_sweep("matrix: {train.batch_size: [50, 200, 300]}") ==
        Lines{"r.yaml:5:33: train.batch_size is 200, but there are 100 training samples: each step "
              "takes all of them (in the cell train.batch_size: 200)"});
  const std::string search =
      "train: {batch_size: 10}\n"
      "search: {space: {seed: {int_uniform: [1, 9]}}, trials: 2}\n";
  CHECK(warnings_of_sweep(search + "prune: {strategy: asha, first: 9 steps}").empty());
  CHECK(warnings_of_sweep(search + "prune: {strategy: asha, first: 1 epoch}") ==
        Lines{"r.yaml:7:32: prune.first is 1 epoch, and a trial has 10 steps: none is pruned"});
  CHECK(warnings_of_sweep(search + "prune: {first: 1 epoch}").empty());
}
