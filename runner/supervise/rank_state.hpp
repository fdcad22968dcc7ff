#pragma once

#include "registry/description.hpp"
#include "runner/supervise/heartbeat.hpp"

#include <cstdint>

namespace runner {

/// How far a rank has come, as its heartbeat says; what supervisors tell each other of their ranks.
struct RankState {
  int rank = 0;
  std::int64_t step = 0;
  std::int64_t meetings = 0;
  std::int64_t beats = 0;
  std::int64_t pulse = 0;  ///< 0 while its libraries are being loaded, unless it was stopped then
};

inline RankState state_of(int rank, const Heartbeat& heartbeat) {
  return {rank, heartbeat.step.load(), heartbeat.presence.meetings.load(),
          heartbeat.presence.beats.load(), heartbeat.pulse.load()};
}

inline Json to_json(const RankState& state) {
  return {state.rank, state.step, state.meetings, state.beats, state.pulse};
}

inline RankState state_from_json(const Json& json) {
  return {json.at(0), json.at(1), json.at(2), json.at(3), json.at(4)};
}

}  // namespace runner
