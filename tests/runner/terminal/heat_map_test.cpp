#include "runner/terminal/heat_map.hpp"

#include "tests/runner/terminal/sweep_trials.hpp"

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("a heat map shows the mean of each pair as a number and a shade, and where all failed") {
  const auto trials = nine_trials();
  CHECK("\n" + heat_map({trials, "eval/loss", Goal::smaller, 60}, "optimizer", "optimizer.lr") ==
        R"(
mean eval/loss: rows optimizer, columns optimizer.lr
         0.001     0.01        1
  sgd ░ 0.9000 ▒ 0.6000        ×
adamw █ 0.1500 ▓ 0.4000 ░ 0.8000
      worst 0.9000 ░▒▓█ best 0.1500
× failed
)");
}

TEST_CASE("a pair that was not tried is blank in a heat map") {
  const std::vector<SweepTrial> trials{{0, {{"a", 1}, {"b", "リオン"}}, 90.5, "done", 1},
                                       {1, {{"a", 2}, {"b", "sgd"}}, 97.25, "done", 1}};
  CHECK("\n" + heat_map({trials, "accuracy", Goal::greater, 60}, "b", "a") == R"(
mean accuracy: rows b, columns a
             1       2
リオン ░ 90.50
   sgd         █ 97.25
       worst 90.50 ░▒▓█ best 97.25
)");
}

TEST_CASE("on a terminal a heat map's cells are from dark blue to yellow") {
  const std::vector<SweepTrial> trials{{0, {{"a", 1}, {"b", 1}}, 0.1, "done", 1},
                                       {1, {{"a", 2}, {"b", 1}}, 0.9, "done", 1}};
  CHECK("\n" + heat_map({trials, "loss", Goal::smaller, 60, 12, true}, "b", "a") ==
        "\n"
        "mean loss: rows b, columns a\n"
        "         1        2\n"
        "1 \033[38;5;16;48;5;184m  0.1000 \033[0m\033[38;5;15;48;5;17m  0.9000 \033[0m\n"
        "  worst 0.9000 \033[38;5;15;48;5;17m \033[0m\033[38;5;15;48;5;18m "
        "\033[0m\033[38;5;15;48;5;25m \033[0m\033[38;5;15;48;5;31m \033[0m\033[38;5;16;48;5;37m "
        "\033[0m\033[38;5;16;48;5;36m \033[0m\033[38;5;16;48;5;71m \033[0m\033[38;5;16;48;5;113m "
        "\033[0m\033[38;5;16;48;5;184m \033[0m best 0.1000\n");
}

TEST_CASE("many numbers are put together in a heat map") {
  const auto trials = many_trials(100);
  CHECK("\n" + heat_map({trials, "eval/loss", Goal::smaller, 60}, "optimizer.lr",
                        "model.batch_norm") ==
        R"(
mean eval/loss (logarithmic): rows optimizer.lr, columns
model.batch_norm
              true     false
  ≥1e-05 █   0.001
≥4.2e-05
≥0.00018
≥0.00075
 ≥0.0031                   ×
  ≥0.013 ▓   0.129 ▓ 0.01389
  ≥0.056 ▒   1.074 ▒   1.131
   ≥0.24 ░    21.5 ░   20.46
         worst 21.5 ░▒▓█ best 0.001
× failed
)");
}

TEST_CASE("a heat map of one value, or of none, says so") {
  const auto trials = nine_trials();
  CHECK("\n" + heat_map({std::span(trials).first(1), "eval/loss"}, "optimizer", "optimizer.lr") ==
        R"(
mean eval/loss: rows optimizer, columns optimizer.lr
       0.001
sgd █ 0.9000
all are 0.9000
)");
  CHECK(heat_map({{}, "eval/loss"}, "a", "b") == "There is no trial to draw.\n");
  CHECK(heat_map({trials, "eval/loss"}, "optimizer", "seed") ==
        "No trial with a value has both optimizer and seed.\n");
}

TEST_CASE("a heat map of too many categories shows those that fit, and says so") {
  std::vector<SweepTrial> trials;
  for (int i = 0; i < 40; ++i)
    trials.push_back({i, {{"a", 1}, {"name", "n" + std::to_string(i)}}, 0.1 * i, "done", 1});
  const auto text = heat_map({trials, "loss", Goal::smaller, 40}, "a", "name");
  CHECK("\n" + text == R"(
mean loss: rows a, columns name
  n0  n2  n4  n6  n8  n10 n12 n14 n16
1 ████████████████████▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓
  worst 3.900 ░▒▓█ best 0.000
21 more values of name do not fit
)");
}

TEST_CASE("a heat map is never wider than the terminal") {
  const auto trials = many_trials(200);
  for (const int width : {40, 41, 57, 80, 200})
    for (const auto& [rows, of_row] : trials[0].parameters)
      for (const auto& [columns, of_column] : trials[0].parameters)
        CHECK(widest_line(heat_map({trials, "eval/loss", Goal::smaller, width}, rows, columns)) <=
              width);
}
