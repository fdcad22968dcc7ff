#include "runner/terminal/best_so_far.hpp"

#include "tests/runner/terminal/sweep_trials.hpp"

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("the best so far is a line of steps below the trials' own values") {
  const auto trials = nine_trials();
  CHECK("\n" + best_so_far({trials, "eval/loss", Goal::smaller, 44, 6}) == R"(
eval/loss of each trial, and the best so far
       0.9 ┤⠉⠉⠉⠉⡇              ⢀⡀
           │    ⡇              ⠈⠁
           │    ⠉⠉⠉⠉⠉⠉⠉⢹
    0.4304 ┤           ⢸   ⢠⡄
           │           ⢸⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡀
       0.1 ┤           ⠈⠁              ⠧⠤⠤⠤⠤
           └┬───────×──────┬───────×───────┬
            0       2      4       6       8
best: 0.1 by trial 7 of 9   × failed: 2
)");
}

TEST_CASE("where more is better the best so far climbs, whatever order the trials come in") {
  auto trials = nine_trials();
  std::ranges::reverse(trials);
  trials[8].value = 0.3;
  CHECK("\n" + best_so_far({trials, "eval/accuracy", Goal::greater, 40, 4}) == R"(
eval/accuracy of each trial, and the
best so far
       0.8 ┤                 ⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉
           │   ⢸⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠁
    0.3567 ┤⠤⠤⠤⠼         ⠘⠃
       0.1 ┤          ⠛            ⢠⡄
           └┬──────×─────┬──────×──────┬
            0      2     4      6      8
best: 0.8 by trial 5 of 9   × failed: 2
)");
}

TEST_CASE("the best so far of a single trial is a line at half height") {
  const auto trials = nine_trials();
  CHECK("\n" + best_so_far({std::span(trials).first(1), "eval/loss", Goal::smaller, 40, 4}) == R"(
eval/loss of each trial, and the best so
far
           │
           │
       0.9 ┤⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒
           │
           └┬───────────────────────────
            0
best: 0.9 by trial 0 of 1
)");
  CHECK(best_so_far({{}, "eval/loss"}) == "There is no trial to draw.\n");
}

TEST_CASE("the best so far is never wider than the terminal") {
  for (const int number : {1, 2, 30, 1000}) {
    const auto trials = many_trials(number);
    for (const int width : {40, 57, 80})
      CHECK(widest_line(best_so_far({trials, "eval/loss", Goal::smaller, width})) <= width);
  }
}

TEST_CASE("pruned trials are rings at their last values beside the best so far") {
  const auto trials = one_pruned();
  CHECK("\n" + best_so_far({trials, "loss", Goal::smaller, 44, 5}) == R"(
loss of each trial, and the best so far
       0.7 ┤                               ○
           │⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⢤
       0.4 ┤               ⢸
           │               ⢸
       0.1 ┤               ⠸⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤
           └┬──────────────┬───────────────┬
            1              2               3
best: 0.1 by trial 2 of 3   ○ pruned: 1
)");
}
