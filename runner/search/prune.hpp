#pragma once

#include "registry/field.hpp"
#include "registry/interval.hpp"

#include <optional>
#include <string>
#include <tuple>

namespace runner {

/// What `prune` says; what is better is the search's `metric` and `mode`.
struct Prune {
  static constexpr auto summary = "ending trials that promise little";

  std::string strategy = "none";
  Interval first{1, Unit::epochs};
  std::int64_t reduction_factor = 3;
  std::optional<std::int64_t> rungs;
  std::int64_t startup_trials = 5;

  static constexpr auto fields() {
    return std::tuple{
        field("strategy", &Prune::strategy,
              "asha trains the best of each rung on; median stops what is worse than most were",
              one_of<"none", "asha", "median">),
        field("first", &Prune::first,
              "asha: how long the first rung is; median: no trial is stopped before"),
        field("reduction_factor", &Prune::reduction_factor,
              "asha: one in so many goes on to the next rung, which is so many times as long; one "
              "trial at least goes on to the end",
              at_least(2)),
        field("rungs", &Prune::rungs,
              "asha: so many at most, the whole length included; null: as many as fit",
              at_least(1)),
        field("startup_trials", &Prune::startup_trials,
              "median: none is stopped before so many have finished", at_least(1)),
    };
  }

  std::string conflict() const {
    if (first.unit != Unit::epochs && first.unit != Unit::steps)
      return "first is counted in epochs or steps, such as '1 epoch'";
    return "";
  }
};

}  // namespace runner
