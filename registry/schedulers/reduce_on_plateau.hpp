#pragma once

#include "registry/field.hpp"
#include "registry/goal.hpp"
#include "registry/schedulers/warm_up.hpp"

namespace runner {

/// torch.optim.lr_scheduler.ReduceLROnPlateau, stepped each time that the metric is measured: its
/// intervals are evaluations (eval.every), or for train/loss what log.every says. Measurements
/// during a warm-up count.
struct ReduceOnPlateau {
  static constexpr auto summary = "lowers the learning rate when a metric gets no better";

  std::string metric = "eval/loss";
  std::optional<std::string> mode;
  double factor = 0.1;
  std::int64_t patience = 10;
  double threshold = 1e-4;
  std::string threshold_mode = "rel";
  std::int64_t cooldown = 0;
  double min_lr = 0;
  double eps = 1e-8;
  WarmUp warm_up;

  static constexpr auto fields() {
    return std::tuple{
        field("metric", &ReduceOnPlateau::metric,
              "what is to get better: what evaluations measure, or train/loss"),
        field("mode", &ReduceOnPlateau::mode, mode_help, one_of<"min", "max">),
        field("factor", &ReduceOnPlateau::factor, "of each change", range_below(0, 1)),
        field("patience", &ReduceOnPlateau::patience,
              "measurements without improvement that are allowed", at_least(0)),
        field("threshold", &ReduceOnPlateau::threshold, "what is too little to be an improvement",
              at_least(0)),
        field("threshold_mode", &ReduceOnPlateau::threshold_mode,
              "whether the threshold is a share of the best value or a difference from it",
              one_of<"rel", "abs">),
        field("cooldown", &ReduceOnPlateau::cooldown, "measurements after a change that count not",
              at_least(0)),
        field("min_lr", &ReduceOnPlateau::min_lr, "the lowest learning rate", at_least(0)),
        field("eps", &ReduceOnPlateau::eps, "changes of no more than this are not made",
              at_least(0)),
        part(&ReduceOnPlateau::warm_up),
    };
  }
};

std::unique_ptr<Schedule> build(const ReduceOnPlateau& options, const Length& length);

}  // namespace runner
