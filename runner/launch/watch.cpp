#include "runner/launch/watch.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {

void Watch::see(const RankState& state, const std::string& host) {
  auto& seen = ranks_[state.rank];
  if (state.pulse != seen.state.pulse) seen.silent = 0;
  if (state.meetings != seen.state.meetings || state.beats != seen.state.beats) seen.idle = 0;
  seen.state = state;
  seen.host = host;
}

void Watch::pass(double seconds) {
  const double counted = std::min(seconds, 1.0);
  for (auto& [rank, seen] : ranks_) {
    seen.silent += counted;
    seen.idle += counted;
  }
}

std::int64_t Watch::step_of(int rank) const {
  const auto found = ranks_.find(rank);
  return found == ranks_.end() ? 0 : found->second.state.step;
}

Failure Watch::hung(const Seen& seen, const char* sign) const {
  return {FailureKind::died, seen.state.rank, seen.host, seen.state.step,
          fmt::format("hangs at step {}: {} for {:.3g} s (topology.heartbeat)", seen.state.step,
                      sign, limit_)};
}

std::optional<Failure> Watch::find_hung() const {
  std::int64_t furthest = 0;
  for (const auto& [rank, seen] : ranks_) furthest = std::max(furthest, seen.state.meetings);
  for (const auto& [rank, seen] : ranks_) {
    if (seen.state.pulse != 0 && seen.silent >= limit_) return hung(seen, "no sign of life");
    if (seen.state.meetings < furthest && seen.idle >= limit_)
      return hung(seen, "the others have waited for it");
  }
  return std::nullopt;
}

}  // namespace runner
