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
  CHECK(plan_table(some_plan(), 0) ==
        "trial  optimizer                     optimizer.lr  データ  steps       about\n"
        "    1  sgd                                    0.1          1,000  1 min 01 s\n"
        "    2  adamw                                0.001            500        30 s\n"
        "    3  {\"name\":\"adamw\",\"eps\":1e-09}                リンゴ     20       2.0 s\n"
        "3 trials, about 1 min 33 s one after the other, as past runs tell\n");
  CHECK(plan_table(some_plan(), 60) ==
        "…ial  optimizer             …r.lr  データ  steps       about\n"
        "   1  sgd                     0.1          1,000  1 min 01 s\n"
        "   2  adamw                 0.001            500        30 s\n"
        "   3  {\"name\":\"adamw\",\"ep…         リンゴ     20       2.0 s\n"
        "3 trials, about 1 min 33 s one after the other, as past runs tell\n");
}

TEST_CASE("a plan of which nothing is known from past runs says so") {
  SweepEstimate plan;
  plan.cells = {{{{"seed", 1}}, 1000, {}}};
  plan.trials = 1;
  CHECK(plan_table(plan, 80) ==
        "trial  seed  steps  about\n"
        "    1     1  1,000      ?\n"
        "1 trial; how long they take is not known from past runs\n");
  CHECK(plan_json(plan).dump() ==
        "{\"trials\":1,\"seconds\":null,\"cells\":[{\"parameters\":{\"seed\":1},\"steps\":1000,"
        "\"seconds\":null}]}");
}

TEST_CASE("a plan of a search shows one cell that stands for all") {
  SweepEstimate plan;
  plan.cells = {{{{"optimizer.lr", 0.001}}, 20, 2}};
  plan.trials = 2000;
  plan.seconds = 4000;
  CHECK(plan_table(plan, 80) ==
        "trial  optimizer.lr  steps  about\n"
        "    1         0.001     20  2.0 s\n"
        "2,000 trials, about 1 h 06 min one after the other, as past runs tell\n");
}
