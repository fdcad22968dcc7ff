#include "registry/goal.hpp"

#include "registry/kinds.hpp"
#include "registry/metric_names.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("whether more of a metric is better is what its description says") {
  CHECK(own_goal("eval/loss") == Goal::smaller);
  CHECK(own_goal("train/loss") == Goal::smaller);
  CHECK(own_goal("eval/accuracy") == Goal::greater);
  CHECK(own_goal("eval/top_5") == Goal::greater);
  CHECK(own_goal("eval/f1/3") == Goal::greater);
  CHECK(own_goal("eval/perplexity") == Goal::smaller);
  CHECK(own_goal("eval/r2") == Goal::greater);
  CHECK(own_goal("system/samples_per_second") == Goal::greater);
  CHECK(own_goal("val_loss") == Goal::smaller);
  CHECK(own_goal("Accuracy") == Goal::greater);
  // Which have such a word in their names, and are something else.
  CHECK_FALSE(own_goal("train/lr"));
  CHECK_FALSE(own_goal("inaccuracy_penalty"));
  CHECK_FALSE(own_goal("stop_1"));
  CHECK_FALSE(own_goal("ndcg"));
}

TEST_CASE("every number of every registered metric has a goal") {
  for (const auto& metric : find_kind("metric")->components)
    for (const auto& name : names_of_metric({{"name", metric.name}})) {
      CAPTURE(name);
      CHECK(own_goal("eval/" + name).has_value());
    }
}

TEST_CASE("a mode counts for a metric that has no goal of its own, and for no other") {
  CHECK(goal_of("ndcg", "max") == Goal::greater);
  CHECK(goal_of("ndcg", "min") == Goal::smaller);
  CHECK_THROWS_AS(goal_of("ndcg", std::nullopt), std::logic_error);
  CHECK(goal_of("eval/accuracy", "min") == Goal::greater);
  CHECK(why_wrong_mode("eval/accuracy", std::nullopt).empty());
  CHECK(why_wrong_mode("eval/accuracy", "max").empty());
  CHECK(why_wrong_mode("eval/accuracy", "min") ==
        "min, but more of eval/accuracy is better; expected max, or no mode");
  CHECK(why_wrong_mode("ndcg", std::nullopt) ==
        "not given, and whether more of 'ndcg' is better is not known; expected min or max");
}
