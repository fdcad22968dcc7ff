#pragma once

#include "runner/protocol/ending.hpp"
#include "runner/protocol/rank_state.hpp"

#include <map>
#include <optional>
#include <string>

namespace runner {

/// Finds the rank that hangs: one whose process stands still, or one for which the others wait
/// while it gets nowhere. A slow step is no hang as long as all are in it.
class Watch {
 public:
  explicit Watch(double heartbeat_seconds) : limit_(heartbeat_seconds) {}

  /// A rank of another process, which is to tell of itself from now on.
  void expect(int rank, const std::string& host);
  void see(const RankState& state, const std::string& host);
  /// The rank has ended.
  void forget(int rank) { ranks_.erase(rank); }

  /// So much time has passed. A long gap says that this process itself was stopped, not the ranks:
  /// it counts as one second.
  void pass(double seconds);

  std::optional<Failure> find_hung() const;

  /// The step at which the rank was last seen.
  std::int64_t step_of(int rank) const;

 private:
  struct Seen {
    RankState state;
    std::string host;
    double silent = 0;   ///< seconds since its pulse changed
    double unheard = 0;  ///< seconds since its process told of it
    double idle = 0;     ///< seconds since it did any work or came to a collective
  };

  Failure hung(const Seen& seen, const char* sign) const;

  double limit_;
  std::map<int, Seen> ranks_;
};

}  // namespace runner
