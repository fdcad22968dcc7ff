#pragma once

#include "registry/description.hpp"
#include "registry/goal.hpp"

#include <optional>
#include <string>

namespace runner {

/// How a hyperparameter search goes on. Its space is read apart (space.hpp): it is no plain field.
struct Search {
  static constexpr auto summary = "trying values of a space, the next ones chosen by what is known";

  std::string strategy = "tpe";
  std::optional<std::int64_t> trials;
  std::string metric = "eval/loss";
  std::optional<std::string> mode;
  std::int64_t seed = 1;
  std::int64_t startup_trials = 10;
  std::int64_t candidates = 24;

  static constexpr auto fields() {
    return std::tuple{
        field("strategy", &Search::strategy,
              "tpe learns from finished trials; random, sobol (spread evenly) and grid do not",
              one_of<"grid", "random", "sobol", "tpe">),
        field("trials", &Search::trials, "how many runs; null: all of a grid", at_least(1)),
        field("metric", &Search::metric, "what a trial is judged by"),
        field("mode", &Search::mode, mode_help, one_of<"min", "max">),
        field("seed", &Search::seed, "of what is tried, not of the runs", at_least(0)),
        field("startup_trials", &Search::startup_trials,
              "tpe: so many are drawn at random before it learns from those that ended",
              at_least(1)),
        field("candidates", &Search::candidates, "tpe: points of which it takes the most promising",
              at_least(1)),
    };
  }

  Goal goal() const { return goal_of(metric, mode); }

  std::string conflict() const {
    return trials || strategy == "grid" ? "" : strategy + " has no end: give trials";
  }
};

}  // namespace runner
