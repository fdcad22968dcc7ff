#include "runner/terminal/sweep_table.hpp"

#include "tests/runner/terminal/sweep_trials.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

SweepStatus some_status() {
  SweepStatus status;
  status.metric = "eval/accuracy";
  status.size = 1200;
  status.done = 12;
  status.failed = 1;
  status.running = {{7, "optimizer.lr 0.3, seed 2", 250, 1000, 0.123456, 0.9876543},
                    {13, "optimizer.lr 0.1, seed 2", 0, 0, 0, {}}};
  status.best = EndedTrial{4, "optimizer.lr 0.1, seed 1", "done", "", "2q", 0.9912, 3};
  status.seconds_left = 125;
  return status;
}

int lines_of(const std::string& text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("the live table shows what runs, and a summary of all below it") {
  CHECK(live_table(some_status(), 120, 10) ==
        "trial  parameters                step              loss  eval/accuracy\n"
        "7      optimizer.lr 0.3, seed 2   250      25 %  0.1235        0.98765\n"
        "13     optimizer.lr 0.1, seed 2     0  starting\n"
        "12 of 1,200 done, 2 running, 1 failed; best eval/accuracy 0.9912 in trial 4 (optimizer.lr "
        "0.1, seed 1); ETA 2 min 05 s\n");
  CHECK(live_table(some_status(), 80, 10) ==
        "trial  parameters                step              loss  eval/accuracy\n"
        "7      optimizer.lr 0.3, seed 2   250      25 %  0.1235        0.98765\n"
        "13     optimizer.lr 0.1, seed 2     0  starting\n"
        "12 of 1,200 done, 2 running, 1 failed; best eval/accuracy 0.9912 in trial 4 (o…\n");
  CHECK(live_table(some_status(), 40, 10) ==
        "tri…  par…  step              loss  …c…\n"
        "7     opt…   250      25 %  0.1235  0.…\n"
        "13    opt…     0  starting\n"
        "12 of 1,200 done, 2 running, 1 failed;…\n");
}

TEST_CASE("the live table of more trials than lines says how many more there are") {
  auto status = some_status();
  for (int i = 0; i < 10; ++i)
    status.running.push_back({100 + i, "データ 値" + std::to_string(i), i, 10, 1, {}});
  CHECK(live_table(status, 80, 10) ==
        "trial  parameters                step              loss  eval/accuracy\n"
        "7      optimizer.lr 0.3, seed 2   250      25 %  0.1235        0.98765\n"
        "13     optimizer.lr 0.1, seed 2     0  starting\n"
        "100    データ 値0                   0       0 %\n"
        "101    データ 値1                   1      10 %       1\n"
        "102    データ 値2                   2      20 %       1\n"
        "103    データ 値3                   3      30 %       1\n"
        "... and 6 more\n"
        "12 of 1,200 done, 12 running, 1 failed; best eval/accuracy 0.9912 in trial 4 (…\n");
}

TEST_CASE("the live table fits into any terminal, wide letters and all") {
  auto status = some_status();
  for (int i = 0; i < 10; ++i)
    status.running.push_back(
        {100 + i, "model.encoder.データ とても長い名前のデータセット", i, 10, 1, 0.5});
  status.best->parameters = "とても長い名前のデータセット";
  for (int width = 10; width <= 130; ++width)
    for (int height = 3; height <= 14; ++height) {
      CAPTURE(width);
      CAPTURE(height);
      const auto table = live_table(status, width, height);
      CHECK(widest_line(table) < width);
      CHECK(lines_of(table) < height);  // below it stands the cursor
    }
}

TEST_CASE("the live table of a sweep where nothing runs is its summary") {
  auto status = some_status();
  status.running.clear();
  status.best.reset();
  status.seconds_left.reset();
  status.seconds = 3;
  CHECK(live_table(status, 80, 10) == "12 of 1,200 done, 1 failed; 3.0 s\n");
}

TEST_CASE("a summary names all that is not done") {
  auto status = some_status();
  status.paused = 3;
  status.pruned = 4;
  status.elsewhere = 5;
  CHECK(summary(status) ==
        "12 of 1,200 done, 2 running, 5 running elsewhere, 3 paused, 4 pruned, 1 failed; best "
        "eval/accuracy 0.9912 in trial 4 (optimizer.lr 0.1, seed 1); ETA 2 min 05 s");
}
