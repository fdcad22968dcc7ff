#pragma once

#include "registry/schedulers/formula.hpp"

namespace runner {

/// torch.optim.lr_scheduler.CosineAnnealingWarmRestarts (Loshchilov and Hutter, "SGDR", 2017):
/// half cosine waves from the base to eta_min, of T_0, T_0 T_mult, T_0 T_mult^2 ... intervals.
/// PyTorch has no default for T_0.
struct CosineRestarts {
  static constexpr auto summary = "half cosine waves, each T_mult times as long as the one before";

  std::int64_t T_0 = 10;
  std::int64_t T_mult = 1;
  double eta_min = 0;
  std::string interval = "epoch";
  WarmUp warm_up;

  static constexpr auto fields() {
    return std::tuple{
        field("T_0", &CosineRestarts::T_0, "intervals until the first restart", at_least(1)),
        field("T_mult", &CosineRestarts::T_mult, "factor from one wave's length to the next's",
              at_least(1)),
        field("eta_min", &CosineRestarts::eta_min, "the lowest learning rate", at_least(0)),
        interval_field(&CosineRestarts::interval),
        part(&CosineRestarts::warm_up),
    };
  }
};

std::unique_ptr<Schedule> build(const CosineRestarts& options, const Length& length);

}  // namespace runner
