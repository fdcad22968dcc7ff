#include "runner/session/task.hpp"

namespace runner {

void Task::start_ranks() { ranks = std::make_unique<LocalRanks>(launch.rank, launch.ranks_here); }

bool Task::take_what_is_left(const std::set<int>& lost) {
  absent.insert(lost.begin(), lost.end());
  const auto left = with_gpus_left(launch, visible_gpus(process_environment()));
  if (left) launch = *left;
  return left.has_value();
}

protocol::Job Task::common_job(const protocol::Told& told) const {
  return {recipe.config, data, told.files, pause_at, more_may_follow};
}

Launch Task::renumbered(int rank, int world_size) const {
  auto renumbered = launch;
  renumbered.rank = rank;
  renumbered.world_size = world_size;
  return renumbered;
}

bool Task::goes_on(const Outcome& outcome, std::int64_t restarts) const {
  return outcome.ending == Ending::failed && !outcome.would_recur && restarts <= placement.restarts;
}

}  // namespace runner
