#include "runner/supervise/watch.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

/// A rank that stands still may hold up another, too, in the middle of a collective that the rest
/// have left. Its own silence is noticed later, since its pulse and the news of it come in steps.
constexpr double news_delay = 1;

}  // namespace

void Watch::expect(int rank, const std::string& host) {
  auto& seen = ranks_[rank];
  seen.state.rank = rank;
  seen.host = host;
}

void Watch::see(const RankState& state, const std::string& host) {
  auto& seen = ranks_[state.rank];
  if (state.pulse != seen.state.pulse) seen.silent = 0;
  if (state.meetings != seen.state.meetings || state.beats != seen.state.beats) seen.idle = 0;
  seen.unheard = 0;
  seen.state = state;
  seen.host = host;
}

void Watch::pass(double seconds) {
  const double counted = std::min(seconds, 1.0);
  for (auto& [rank, seen] : ranks_) {
    seen.silent += counted;
    seen.unheard += counted;
    seen.idle += counted;
  }
}

std::int64_t Watch::step_of(int rank) const {
  const auto found = ranks_.find(rank);
  return found == ranks_.end() ? 0 : found->second.state.step;
}

Failure Watch::hung(const Seen& seen, const char* sign) const {
  const auto step = seen.state.step;
  return {Died{fmt::format("hangs at step {}: {} for {:.3g} s (topology.heartbeat)", step, sign,
                           limit_)},
          seen.state.rank, seen.host, step};
}

std::optional<Failure> Watch::find_hung() const {
  std::int64_t furthest = 0;
  for (const auto& [rank, seen] : ranks_) {
    const bool stands_still = seen.state.pulse != 0 && seen.silent >= limit_;
    if (stands_still || seen.unheard >= limit_) return hung(seen, "no sign of life");
    furthest = std::max(furthest, seen.state.meetings);
  }
  for (const auto& [rank, seen] : ranks_)
    if (seen.state.meetings < furthest && seen.idle >= limit_ + news_delay)
      return hung(seen, "the others have waited for it");
  return std::nullopt;
}

}  // namespace runner
