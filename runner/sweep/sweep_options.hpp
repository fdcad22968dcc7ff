#pragma once

#include "registry/description.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace runner {

/// What is done when a run of a sweep fails: by the class of the failure.
struct OnFailure {
  std::string config = "continue";
  std::string nan = "continue";
  std::string out_of_memory = "continue";
  std::string infrastructure = "retry";

  static constexpr auto fields() {
    constexpr auto ways = one_of<"stop", "continue", "retry">;
    return std::tuple{
        field("config", &OnFailure::config, "the recipe's parts do not work together", ways),
        field("nan", &OnFailure::nan, "a loss is NaN or infinite", ways),
        field("out_of_memory", &OnFailure::out_of_memory, "memory of the machine or a GPU", ways),
        field("infrastructure", &OnFailure::infrastructure, "a process was killed, or cannot start",
              ways),
    };
  }
};

/// How the runs of a sweep are run.
struct SweepOptions {
  static constexpr auto summary = "how the runs of a matrix or a search are run";

  std::optional<std::int64_t> parallel;
  std::int64_t per_gpu = 1;
  std::int64_t retries = 2;
  OnFailure on_failure;

  static constexpr auto fields() {
    return std::tuple{
        field("parallel", &SweepOptions::parallel,
              "runs at once; null: as many as the devices, or the cores and memory, allow",
              range(1, 1024)),
        field("per_gpu", &SweepOptions::per_gpu, "runs that share a GPU", range(1, 64)),
        field("retries", &SweepOptions::retries, "how often a run is tried again", at_least(0)),
        field("on_failure", &SweepOptions::on_failure,
              "stop the sweep, continue with the others, or retry, for each class of failure"),
    };
  }
};

}  // namespace runner
