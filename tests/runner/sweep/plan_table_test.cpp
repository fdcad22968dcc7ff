#include "runner/sweep/plan_table.hpp"

#include "tests/runner/terminal/sweep_trials.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

SweepEstimate some_plan() {
  SweepEstimate plan;
  plan.cells = {{{{"optimizer", "sgd"}, {"optimizer.lr", 0.1}}, 1000, 61.5},
                {{{"optimizer", "adamw"}, {"optimizer.lr", 0.001}}, 500, 30},
                {{{"optimizer", {{"name", "adamw"}, {"eps", 1e-9}}}, {"データ", "リンゴ"}}, 20, 2}};
  plan.trials = 3;
  plan.seconds = 93.5;
  return plan;
}

}  // namespace

TEST_CASE("a plan is a row for each cell, with how long it takes as past runs tell") {
  CHECK(plan_table(some_plan(), 0) == "x");
  CHECK(plan_table(some_plan(), 60) == "x");
}

TEST_CASE("a plan of which nothing is known from past runs says so") {
  SweepEstimate plan;
  plan.cells = {{{{"seed", 1}}, 1000, {}}};
  plan.trials = 1;
  CHECK(plan_table(plan, 80) == "x");
  CHECK(plan_json(plan).dump() == "x");
}

TEST_CASE("a plan of a search shows one cell that stands for all") {
  SweepEstimate plan;
  plan.cells = {{{{"optimizer.lr", 0.001}}, 20, 2}};
  plan.trials = 2000;
  plan.seconds = 4000;
  CHECK(plan_table(plan, 80) == "x");
}
