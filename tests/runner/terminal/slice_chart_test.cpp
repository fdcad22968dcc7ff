#include "runner/terminal/slice_chart.hpp"

#include "tests/runner/terminal/sweep_trials.hpp"

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("a slice shows each trial's value at its number, the best marked, failures on the axis") {
  const auto trials = nine_trials();
  CHECK("\n" + slice_chart({trials, "eval/loss", Goal::smaller, 44, 5}, "optimizer.lr") == R"(
eval/loss against optimizer.lr (logarithmic)
       0.9 ┤⠛                              ⣤
           │          ⢀⡀
       0.5 ┤          ⢈⡁
           │          ⠈⠁
       0.1 ┤◆
           └┬─────────┬────────────────────×
          0.001     0.01                   1
◆ best: 0.1 at 0.001, trial 7   × failed: 2
)");
}

TEST_CASE("a slice shows categories side by side, the trials of each spread out") {
  const auto trials = nine_trials();
  CHECK("\n" + slice_chart({trials, "eval/loss", Goal::greater, 44, 5}, "optimizer") == R"(
eval/loss against optimizer
       0.9 ┤    ◆                  ⢠⡄
           │      ⢀⡀
       0.5 ┤      ⠈⠁             ⢀⡀
           │                     ⠈⠁
       0.1 ┤                   ⠘⠃    ⣤
           └────────┬×─×───────────┬────────
                   sgd           adamw
◆ best: 0.9 at sgd, trial 0   × failed: 2
)");
}

TEST_CASE("a slice through values of several decades is logarithmic") {
  const std::vector<SweepTrial> trials{{0, {{"width", 16}}, 1000.0, "done", 1},
                                       {1, {{"width", 32}}, 10.0, "done", 1},
                                       {2, {{"width", 48}}, 0.1, "done", 1}};
  CHECK("\n" + slice_chart({trials, "loss", Goal::smaller, 40, 5}, "width") == R"(
loss (logarithmic) against width
      1000 ┤⠛
           │
        10 ┤             ⠰⠆
           │
       0.1 ┤                           ◆
           └┬────────────┬─────────────┬
           16           32            48
◆ best: 0.1 at 48, trial 2
)");
}

TEST_CASE("a slice through equal values, and one of a single trial, are points at half height") {
  const std::vector<SweepTrial> trials{{4, {{"width", 16}}, 0.5, "done", 1}};
  CHECK("\n" + slice_chart({trials, "loss", Goal::smaller, 40, 4}, "width") == R"(
loss against width
           │
           │
       0.5 ┤             ◆
           │
           └─────────────┬──────────────
                        16
◆ best: 0.5 at 16, trial 4
)");
}

TEST_CASE("on a terminal the best trial of a slice is green and failures are red") {
  const std::vector<SweepTrial> trials{{0, {{"width", 16}}, 0.5, "done", 1},
                                       {1, {{"width", 32}}, std::nullopt, "failed", 1}};
  CHECK("\n" + slice_chart({trials, "loss", Goal::smaller, 40, 4, true}, "width") ==
        "\n"
        "loss against width\n"
        "           │\n"
        "           │\n"
        "       0.5 ┤\033[38;5;40m◆\033[0m\n"
        "           │\n"
        "           └┬──────────────────────────\033[38;5;160m×\033[0m\n"
        "           16                         32\n"
        "◆ best: 0.5 at 16, trial 0   × failed: 1\n");
}

TEST_CASE("where there is nothing to draw a sentence says so") {
  const SweepView none{{}, "eval/loss"};
  CHECK(slice_chart(none, "optimizer.lr") == "There is no trial to draw.\n");
  const auto trials = nine_trials();
  CHECK(slice_chart({std::span(trials).subspan(2, 1), "eval/loss"}, "optimizer.lr") ==
        "The only trial has no value of eval/loss to draw; 1 failed.\n");
  const std::vector<SweepTrial> running{trials[8], trials[8]};
  CHECK(slice_chart({running, "eval/loss"}, "optimizer.lr") ==
        "None of the 2 trials has a value of eval/loss to draw.\n");
  CHECK(slice_chart({trials, "eval/loss"}, "optimizer.momentum") ==
        "No trial has a parameter optimizer.momentum.\n");
}

TEST_CASE("a slice is never wider than the terminal") {
  const auto trials = many_trials(200);
  for (const int width : {40, 41, 57, 80, 200})
    for (const auto& [path, value] : trials[0].parameters)
      CHECK(widest_line(slice_chart({trials, "eval/loss", Goal::smaller, width}, path)) <= width);
}

TEST_CASE("a slice shows pruned trials as rings at their last values") {
  const auto trials = one_pruned();
  CHECK("\n" + slice_chart({trials, "loss", Goal::smaller, 44, 5}, "width") == R"(
loss against width
       0.7 ┤                               ○
           │⣤
       0.4 ┤
           │
       0.1 ┤               ◆
           └┬──────────────┬───────────────┬
           16             32              48
◆ best: 0.1 at 32, trial 2   ○ pruned: 1
)");
}
