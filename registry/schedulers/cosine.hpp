#pragma once

#include "registry/schedulers/cosine_curve.hpp"
#include "registry/schedulers/formula.hpp"

namespace runner {

/// torch.optim.lr_scheduler.CosineAnnealingLR: eta_min + (base - eta_min) (1 + cos(pi n / T_max)) /
/// 2, which rises again beyond T_max. PyTorch has no default for T_max.
struct Cosine {
  static constexpr auto summary = "takes the learning rate to eta_min along half a cosine wave";

  std::optional<std::int64_t> T_max;
  double eta_min = 0;
  std::string interval = "epoch";
  WarmUp warm_up;

  static constexpr auto fields() {
    return std::tuple{
        field("T_max", &Cosine::T_max,
              "intervals until eta_min; null: the whole run after the warm-up", at_least(1)),
        field("eta_min", &Cosine::eta_min, "the lowest learning rate", at_least(0)),
        interval_field(&Cosine::interval),
        part(&Cosine::warm_up),
    };
  }
};

inline std::unique_ptr<Schedule> build(const Cosine& options, const Length& length) {
  const auto T_max = or_all(options.T_max, length, options.interval);
  return by_formula(length, options.interval,
                    [T_max, eta_min = options.eta_min](double base, double completed) {
                      return cosine_curve(base, eta_min, completed / T_max);
                    });
}

}  // namespace runner
