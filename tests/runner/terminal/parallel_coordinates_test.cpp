#include "runner/terminal/parallel_coordinates.hpp"

#include "tests/runner/terminal/sweep_trials.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

const std::vector<std::string> both{"optimizer", "optimizer.lr"};

std::vector<std::string> paths_of(const std::vector<SweepTrial>& trials) {
  std::vector<std::string> paths;
  for (const auto& [path, value] : trials[0].parameters) paths.push_back(path);
  return paths;
}

}  // namespace

TEST_CASE("parallel coordinates draw a line for each trial through all axes, the best on top") {
  const auto trials = nine_trials();
  CHECK("\n" + parallel_coordinates({trials, "eval/loss", Goal::smaller, 60, 8}, both) == R"(
optimizer              optimizer.lr                eval/loss
                             1                        0.1
    │                     ⣀⠤⠒│⠢⢄⡀                    ⡠⠔│
    │                ⢀⡠⠔⠒⠉   │  ⠈⠑⠢⢄⡀            ⢀⠤⠒⢉⡠⠔│
    │sgd⠤⣀⣀      ⣀⠤⠒⠊⠁       │      ⠈⠑⠢⢄⡀     ⣀⠔⢊⡡⠔⠊⠁  │
    │   ⠉⠒⠢⢍⣉⡲⠶⠶⠭⣀⣀          │          ⠈⠑⢀⡠⢒⣩⣔⣊⡡⠤⠤⠔⠒⠒⠊│
    │   ⣀⠤⠔⠊⠉⠑⠒⠤⣀  ⠉⠉⠒⠒⠤⠤⣀⣀  │   ⢀⣀⣀⡠⠤⠤⣔⢶⡺⠟⠋⠉⠁⠢⢄⡀⣀⣀⣀⣀⣀⣀│
    │adamw⡠⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠔⠒⠒⠒⠒⠒│⠊⠉⠉⠁⠒⢀⣠⡴⠝⠊⠁⠉⠉⠉⠉⠉⠉⠉⠉⠑⠢⢄⡀  │
    │ ⠉⠉⠉⠒⠒⠒⠤⠤⠤⢄⣀⣀⡀  ⠈⠑⠢⠤⣀   │  ⣀⡤⠖⠋⠁               ⠈⠑⠢│
    │             ⠈⠉⠉⠉⠒⠒⠒⠤⠤⠤⣀│⠔⠊⠁⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀│
                           0.001                      0.9
best: 0.1 by trial 7   failed: 2
)");
}

TEST_CASE("of many trials the best are drawn alone where there are no colours") {
  const auto trials = many_trials(60);
  CHECK("\n" + parallel_coordinates({trials, "eval/loss", Goal::smaller, 60, 6},
                                    {"optimizer.lr", "loss.label_smoothing"}) ==
        R"(
optimizer.lr        loss.label_smoothing           eval/loss
   0.9901                    0.6                     0.001
      │             ⣀⣀⣀⠤⠤⠤⠒⠒⠒⠉│⠉⠑⠒⠒⠒⠢⠤⠤⠤⠤⣀⣀⣀⣀       ⣀⠤⠒│
      │⣒⣤⣤⣤⣤⣤⣤⣒⣒⣒⣉⡉⠉          │   ⢀⣀⣀⣀⣀⣀⣀⣀⣀⠤⠤⠭⠭⢭⡭⠵⠶⠟⠒⣲⣶│
      │⠉ ⠉⠉⠒⠒⠤⢄⣉⡉⠉⠙⠛⠛⠛⠭⠭⠭⢍⣉⣉⣉⠉│⠉⠉⣉⣁⣀⣀⣀⠤⠤⠤⠤⠤⣒⠶⠒⠚⠓⠉⢉⣉⣉⠭⠤⠔│
      │         ⠈⠉⠑⠒⠢⠤⢄⣀     ⠉│⠉⠉     ⢀⣠⣤⡲⠭⠤⠔⠒⠒⠉⠉⠁     │
      │                 ⠉⠉⠒⠒⠤⠤│⡠⠤⠤⣒⠶⠞⠋⠉                │
      │⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀│⠤⠒⠉                     │
    1e-05                     0                      44.27
the best 5 of 54 trials   best: 0.001 by trial 0   failed: 6
)");
}

TEST_CASE("on a terminal the best lines are green and lie over the others") {
  const auto trials = nine_trials();
  CHECK("\n" + parallel_coordinates({trials, "eval/loss", Goal::smaller, 40, 4, true}, both) ==
        "\n"
        "optimizer    optimizer.lr      eval/loss\n"
        "                   1              0.1\n"
        "    │          \033[38;5;244m⣀⠤⠔⠒\033[0m│\033[38;5;244m⠒⠤⢄⡀\033[0m        "
        "\033[38;5;40m⣀⠤⣒\033[0m│\n"
        "    │sgd\033[38;5;244m⣤⣤⣤⣤⣒⡊⠉\033[0m    │   "
        "\033[38;5;244m⠈⠉⠒⠤\033[0m\033[38;5;40m⢀⡠⣔⣶⣝⣊⡩⠤\033[0m│\n"
        "    "
        "│adamw\033[38;5;40m⣀⣀⠤⠤⠤⠤⠤⠤⠤\033[0m│\033[38;5;40m⠤⠔⠒⣒⣶⠾⠛⠋⠉⠁\033[0m\033[38;5;244m⠒⠲⢖⣒⠒\033["
        "0m│\n"
        "    │ "
        "\033[38;5;40m⠉⠉⠉⠉⠒⠒⠒⠒⠤⠤⠤⠤⣀\033[0m│\033[38;5;40m⠤⠒⠋⠁\033[0m\033[38;5;244m⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣉\033["
        "0m│\n"
        "                 0.001            0.9\n"
        "green: the best 3 of 6 trials\n"
        "best: 0.1 by trial 7   failed: 2\n");
}

TEST_CASE("of many trials some of the others are drawn beside the best where there are colours") {
  const auto trials = many_trials(100);
  const auto text =
      parallel_coordinates({trials, "eval/loss", Goal::smaller, 120, 6, true}, paths_of(trials));
  CHECK(text.find("\ngreen: the best 8 of 89 trials   grey: 30 of the others   best: 0.001 by "
                  "trial 0   failed: 11\n") != std::string::npos);
}

TEST_CASE("parameters that find no room are named below") {
  const auto trials = many_trials(60);
  const auto text =
      parallel_coordinates({trials, "eval/loss", Goal::smaller, 40, 4}, paths_of(trials));
  CHECK(text.ends_with("\nnot shown: loss.label_smoothing,\nmodel.batch_norm\n"));
}

TEST_CASE("a parameter that does not vary has no axis, unless none varies") {
  const auto trials = nine_trials();
  CHECK("\n" + parallel_coordinates({std::span(trials).first(2), "eval/loss", Goal::smaller, 40, 4},
                                    both) ==
        R"(
optimizer.lr                   eval/loss
    0.01                          0.6
      │⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉│
      │                            │
      │                            │
      │⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀│
    0.001                         0.9
best: 0.6 by trial 1
)");
  CHECK("\n" + parallel_coordinates({std::span(trials).first(1), "eval/loss", Goal::smaller, 40, 4},
                                    both) ==
        R"(
optimizer    optimizer.lr      eval/loss

    │              │               │
    │              │               │
    │sgd⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉│0.001⠉⠉⠉⠉⠉⠉⠉0.9│
    │              │               │

best: 0.9 by trial 0
)");
}

TEST_CASE("parallel coordinates of nothing are a sentence") {
  const auto trials = nine_trials();
  CHECK(parallel_coordinates({{}, "eval/loss"}, both) == "There is no trial to draw.\n");
  CHECK(parallel_coordinates({trials, "eval/loss"}, {"model.width"}) ==
        "No trial has one of these parameters.\n");
}

TEST_CASE("parallel coordinates are never wider than the terminal") {
  for (const int number : {1, 2, 200}) {
    const auto trials = many_trials(number);
    for (const int width : {40, 41, 57, 80, 200})
      CHECK(widest_line(parallel_coordinates({trials, "eval/loss", Goal::smaller, width},
                                             paths_of(trials))) <= width);
  }
}

TEST_CASE("parallel coordinates draw pruned trials dotted, to their last values") {
  const auto trials = one_pruned();
  CHECK("\n" + parallel_coordinates({trials, "loss", Goal::smaller, 40, 5}, {"width", "depth"}) ==
        R"(
width            depth             loss
 48                2                0.1
  │⠠ ⡀       ⢀⣀⡠⠤⠒⠒│⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉│
  │   ⢀⣀⡠⠤⠒⠒⠉⠁     │                 │
  │⠒⠒⠉⠁  ⠈ ⠄⢀      │                 │
  │           ⠂⢀   │          ⣀⣀⣀⠤⠤⠤⠒│
  │⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀│⣀⠤⠤⠤⠒⠒⠒⠉⠉⠉ ⡀⢀ ⡀⢀ │
 16                1                0.7
best: 0.1 by trial 2   dotted: 1 pruned
)");
}
