#pragma once

#include "registry/schedulers/formula.hpp"

namespace runner {

/// torch.optim.lr_scheduler.OneCycleLR (Smith and Topin, "Super-Convergence", 2018), the learning
/// rate alone: momentum is not cycled (cycle_momentum=False). PyTorch has no default for max_lr and
/// total_steps.
struct OneCycle {
  static constexpr auto summary =
      "up to max_lr and down again, far below the beginning; momentum is not cycled";

  std::optional<double> max_lr;
  std::optional<std::int64_t> total_steps;
  double pct_start = 0.3;
  std::string anneal_strategy = "cos";
  double div_factor = 25;
  double final_div_factor = 1e4;
  bool three_phase = false;
  std::string interval = "step";
  WarmUp warm_up;

  static constexpr auto fields() {
    return std::tuple{
        field("max_lr", &OneCycle::max_lr, "the peak; null: the optimizer's lr", above(0)),
        field("total_steps", &OneCycle::total_steps,
              "intervals of the cycle; null: the whole run after the warm-up", at_least(1)),
        field("pct_start", &OneCycle::pct_start, "share of the cycle that goes up", range(0, 1)),
        field("anneal_strategy", &OneCycle::anneal_strategy, "the shape of the slopes",
              one_of<"cos", "linear">),
        field("div_factor", &OneCycle::div_factor, "the cycle starts at max_lr / div_factor",
              above(0)),
        field("final_div_factor", &OneCycle::final_div_factor,
              "it ends at max_lr / div_factor / final_div_factor", above(0)),
        field("three_phase", &OneCycle::three_phase,
              "down to the start as steeply as up, then to the end"),
        interval_field(&OneCycle::interval),
        part(&OneCycle::warm_up),
    };
  }

  std::string conflict() const {
    return three_phase && pct_start > 0.5
               ? "three_phase goes down as long as up: pct_start must be at most 0.5"
               : "";
  }
};

std::unique_ptr<Schedule> build(const OneCycle& options, const Length& length);

}  // namespace runner
