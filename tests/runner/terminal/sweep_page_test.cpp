#include "runner/terminal/sweep_page.hpp"

#include <cmath>
#include <cstdlib>
#include <ctime>

#include <doctest/doctest.h>

using namespace runner;

namespace {

void add(SweepAnswers& answers, const Json& parameters, TrialStatus status,
         std::optional<double> value, const std::string& failure = "",
         const std::string& reason = "") {
  Trial trial;
  trial.number = std::ssize(answers.trials) + 1;
  trial.parameters = parameters.dump();
  trial.status = status;
  trial.run_id = "run" + std::to_string(trial.number);
  trial.failure = failure;
  trial.reason = reason;
  SweepTrial row;
  row.number = trial.number;
  row.status = to_text(status);
  row.value = value;
  for (const auto& [path, each] : parameters.items()) row.parameters.emplace_back(path, each);
  answers.trials.push_back(trial);
  answers.table.push_back(row);
}

SweepAnswers some_answers() {
  SweepAnswers answers;
  answers.sweep.id = "2q7tvbjqzm";
  answers.sweep.name = "mnist";
  answers.sweep.command = "runner run mnist_sweep.yaml";
  answers.sweep.settings = "{}";
  answers.sweep.wanted = 12;
  answers.sweep.started = 1700000000000;
  answers.metric = "eval/accuracy";
  answers.goal = Goal::greater;
  for (const double lr : {0.1, 0.3})
    for (const int seed : {1, 2, 3})
      add(answers, {{"optimizer.lr", lr}, {"seed", seed}}, TrialStatus::done,
          0.9 + lr / 10 + seed / 1000.0);
  add(answers, {{"optimizer.lr", 1e30}, {"seed", 1}}, TrialStatus::failed, {}, "nan",
      "loss is NaN at step 2");
  add(answers, {{"optimizer.lr", 1e30}, {"seed", 2}}, TrialStatus::waiting, {});
  return answers;
}

struct InUtc {
  InUtc() {
    setenv("TZ", "UTC", 1);
    tzset();
  }
} const in_utc;

}  // namespace

TEST_CASE("a sweep's page has its cells over their seeds, what matters, and what failed") {
  CHECK(sweep_page(some_answers(), 0, 10) ==
        "sweep      2q7tvbjqzm (mnist)\n"
        "started    2023-11-14 22:13:20\n"
        "command    runner run mnist_sweep.yaml\n"
        "metric     eval/accuracy, more is better\n"
        "trials     8 of 12: 1 waiting, 6 done, 1 failed\n"
        "\n"
        "   optimizer.lr  eval/accuracy   ± sd    95 % of the mean  n  trials\n"
        "1  0.3                   0.932  0.001  0.92952 to 0.93448  3  4 5 6\n"
        "2  0.1                   0.912  0.001  0.90952 to 0.91448  3  1 2 3\n"
        "   1e+30                failed                             0  7 8\n"
        "\n"
        "share of the variance\n"
        "optimizer.lr           99.3 %\n"
        "(chance: the seed)      0.7 %\n"
        "(several together)      0.0 %\n"
        "\n"
        "trial 7 failed (nan): loss is NaN at step 2\n");
  CHECK(sweep_page(some_answers(), 60, 1) ==
        "sweep      2q7tvbjqzm (mnist)\n"
        "started    2023-11-14 22:13:20\n"
        "command    runner run mnist_sweep.yaml\n"
        "metric     eval/accuracy, more is better\n"
        "trials     8 of 12: 1 waiting, 6 done, 1 failed\n"
        "\n"
        "   optimiz…  …accuracy   ± sd    95 % of the mean  n  trials\n"
        "1  0.3           0.932  0.001  0.92952 to 0.93448  3  4 5 6\n"
        "... and 2 more (--limit 0 shows all)\n"
        "\n"
        "share of the variance\n"
        "optimizer.lr           99.3 %\n"
        "(chance: the seed)      0.7 %\n"
        "(several together)      0.0 %\n"
        "\n"
        "trial 7 failed (nan): loss is NaN at step 2\n");
}

TEST_CASE("a sweep's page without seeds has a column less for each thing they tell") {
  SweepAnswers answers = some_answers();
  answers.trials.clear();
  answers.table.clear();
  add(answers, {{"optimizer.lr", 0.1}}, TrialStatus::done, 0.5);
  add(answers, {{"optimizer.lr", 0.3}}, TrialStatus::running, {});
  CHECK(sweep_page(answers, 80, 10) ==
        "sweep      2q7tvbjqzm (mnist)\n"
        "started    2023-11-14 22:13:20\n"
        "command    runner run mnist_sweep.yaml\n"
        "metric     eval/accuracy, more is better\n"
        "trials     2 of 12: 1 running, 1 done\n"
        "\n"
        "   optimizer.lr  eval/accuracy  trial\n"
        "1  0.1                     0.5  1\n"
        "   0.3                 running  2\n");
}

TEST_CASE("a sweep's page says at which point trials are compared where some were pruned") {
  SweepAnswers answers = some_answers();
  answers.trials.clear();
  answers.table.clear();
  add(answers, {{"optimizer.lr", 0.1}}, TrialStatus::done, 0.9);
  add(answers, {{"optimizer.lr", 0.3}}, TrialStatus::pruned, {});
  add(answers, {{"optimizer.lr", 0.5}}, TrialStatus::pruned, {});
  answers.same_point = SamePoint{"epoch 1", answers.table, 2};
  for (int i = 0; i < 3; ++i)
    answers.same_point->table[static_cast<std::size_t>(i)].value = 0.5 + 0.1 * i;
  CHECK(sweep_page(answers, 80, 10) ==
        "sweep      2q7tvbjqzm (mnist)\n"
        "started    2023-11-14 22:13:20\n"
        "command    runner run mnist_sweep.yaml\n"
        "metric     eval/accuracy, more is better\n"
        "trials     3 of 12: 1 done, 2 pruned\n"
        "\n"
        "   optimizer.lr  eval/accuracy  trial\n"
        "1  0.1                     0.9  1\n"
        "   0.3                  pruned  2\n"
        "   0.5                  pruned  3\n"
        "\n"
        "share of the variance\n"
        "optimizer.lr           100.0 %\n"
        "(several together)       0.0 %\n"
        "at epoch 1, the last that all 3 trials reached (2 pruned)\n");
}

TEST_CASE("a sweep of which nothing was run yet has a page, too") {
  SweepAnswers answers = some_answers();
  answers.trials.clear();
  answers.table.clear();
  CHECK(sweep_page(answers, 80, 10) ==
        "sweep      2q7tvbjqzm (mnist)\n"
        "started    2023-11-14 22:13:20\n"
        "command    runner run mnist_sweep.yaml\n"
        "metric     eval/accuracy, more is better\n"
        "trials     0 of 12\n"
        "\n"
        "it has no trials yet\n");
  CHECK(sweep_json(answers).at("cells").empty());
}
