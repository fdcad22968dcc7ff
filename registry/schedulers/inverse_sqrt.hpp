#pragma once

#include "registry/schedulers/formula.hpp"

namespace runner {

/// base / sqrt(1 + n / timescale): Hugging Face's get_inverse_sqrt_schedule, and with a warm-up of
/// as long as the timescale fairseq's inverse_sqrt (Vaswani et al., "Attention Is All You Need",
/// 2017, section 5.3).
struct InverseSqrt {
  static constexpr auto summary = "falls with the square root of what is completed";

  std::optional<std::int64_t> timescale;
  std::string interval = "step";
  WarmUp warm_up;

  static constexpr auto fields() {
    return std::tuple{
        field("timescale", &InverseSqrt::timescale,
              "intervals until 1 / sqrt(2); null: as long as the warm-up, or 10000 without one",
              at_least(1)),
        interval_field(&InverseSqrt::interval),
        part(&InverseSqrt::warm_up),
    };
  }
};

std::unique_ptr<Schedule> build(const InverseSqrt& options, const Length& length);

}  // namespace runner
