#pragma once

#include "runner/protocol/heartbeat.hpp"
#include "runner/protocol/wire.hpp"

#include <cstdint>

namespace runner {

/// How far a rank has come, as its heartbeat says; what supervisors tell each other of their ranks.
struct RankState {
  static constexpr bool in_a_row = true;

  int rank = 0;
  std::int64_t step = 0;
  std::int64_t meetings = 0;
  std::int64_t beats = 0;
  std::int64_t pulse = 0;  ///< 0 while its libraries are being loaded, unless it was stopped then

  static constexpr auto fields() {
    return std::tuple{member("rank", &RankState::rank), member("step", &RankState::step),
                      member("meetings", &RankState::meetings), member("beats", &RankState::beats),
                      member("pulse", &RankState::pulse)};
  }
};

inline RankState state_of(int rank, const Heartbeat& heartbeat) {
  return {rank, heartbeat.step.load(), heartbeat.presence.meetings.load(),
          heartbeat.presence.beats.load(), heartbeat.pulse.load()};
}

}  // namespace runner
