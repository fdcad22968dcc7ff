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
  CHECK(sweep_page(some_answers(), 0, 10) == "x");
  CHECK(sweep_page(some_answers(), 60, 1) == "x");
}

TEST_CASE("a sweep's page without seeds has a column less for each thing they tell") {
  SweepAnswers answers = some_answers();
  answers.trials.clear();
  answers.table.clear();
  add(answers, {{"optimizer.lr", 0.1}}, TrialStatus::done, 0.5);
  add(answers, {{"optimizer.lr", 0.3}}, TrialStatus::running, {});
  CHECK(sweep_page(answers, 80, 10) == "x");
}

TEST_CASE("a sweep of which nothing was run yet has a page, too") {
  SweepAnswers answers = some_answers();
  answers.trials.clear();
  answers.table.clear();
  CHECK(sweep_page(answers, 80, 10) == "x");
  CHECK(sweep_json(answers).at("cells").empty());
}
