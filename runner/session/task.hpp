#pragma once

#include "registry/datasets/prepared.hpp"
#include "registry/topologies/placement.hpp"
#include "runner/launch/launcher.hpp"
#include "runner/protocol/ending.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/record/weights.hpp"
#include "runner/supervise/local_ranks.hpp"
#include "runner/supervise/members.hpp"
#include "runner/supervise/stop_source.hpp"

#include <memory>
#include <optional>
#include <set>

namespace runner {

/// What this process is to do in a run.
struct Task {
  const Recipe& recipe;
  const Prepared& data;
  const Placement& placement;
  Launch launch;
  std::unique_ptr<LocalRanks> ranks;
  StopSource& stops;
  std::optional<std::int64_t> pause_at = {};  ///< the step after which it pauses
  bool more_may_follow = false;               ///< jobs, for the same workers
  std::optional<FoundWeights> weights = {};   ///< to begin with, where they were looked for
  std::set<int> absent = {};                  ///< ranks, as launched, that the run goes on without
  /// What ties this process to the run's others: the circle that it leads, or the head it follows.
  /// Open until it ends, for which the others wait.
  Circle circle = {};
  std::optional<Head> head = {};

  /// The workers load LibTorch at once, and wait for their jobs.
  void start_ranks();
  /// After a failure, without the ranks that are lost and on the GPUs that are there; false where
  /// there is none.
  bool take_what_is_left(const std::set<int>& lost);
  int ranks_left() const { return launch.world_size - static_cast<int>(absent.size()); }

  /// What all ranks get, with what rank 0's process tells every other.
  protocol::Job common_job(const protocol::Told& told) const;
  /// What all processes of the run must have brought alike.
  protocol::Brought brought() const { return {recipe.config, data.dataset}; }
  /// This process's launch when ranks have been lost.
  Launch renumbered(int rank, int world_size) const;
  /// Whether a run that ended so is to go on by itself, for the `restarts`-th time.
  bool goes_on(const Outcome& outcome, std::int64_t restarts) const;
};

}  // namespace runner
