#pragma once

#include "registry/schedulers/formula.hpp"

namespace runner {

/// Warm-up, stable, decay: Hugging Face's get_wsd_schedule (Hu et al., "MiniCPM", 2024, section 4;
/// the decay by 1 - sqrt is Hägele et al., 2024). Its fields are num_stable_steps, num_decay_steps,
/// decay_type and min_lr_ratio there, and its warm-up starts at min_lr_ratio.
struct Wsd {
  static constexpr auto summary = "warm-up, a long stable part, and a decay at the end";

  std::optional<std::int64_t> stable;
  std::optional<std::int64_t> decay;
  std::string decay_type = "cosine";
  double min_lr_ratio = 0;
  std::string interval = "step";
  WarmUp warm_up;

  static constexpr auto fields() {
    return std::tuple{
        field("stable", &Wsd::stable,
              "intervals at the optimizer's lr; null: what warm-up and decay leave of the run",
              at_least(0)),
        field("decay", &Wsd::decay,
              "intervals of the decay; null: what is left after `stable`, or a tenth of the run "
              "after the warm-up where `stable` is null, too",
              at_least(1)),
        field("decay_type", &Wsd::decay_type, "the shape of the decay",
              one_of<"cosine", "linear", "1-sqrt">),
        field("min_lr_ratio", &Wsd::min_lr_ratio, "factor on the learning rate after the decay",
              range(0, 1)),
        interval_field(&Wsd::interval),
        part(&Wsd::warm_up),
    };
  }
};

std::unique_ptr<Schedule> build(const Wsd& options, const Length& length);

}  // namespace runner
