#include "runner/supervise/local_ranks.hpp"

#include "experiments/rank_logs.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <signal.h>

namespace runner {

LocalRanks::LocalRanks(int first_rank, int count) : first_rank_(first_rank) {
  const auto executable = find_worker();
  for (int i = 0; i < count; ++i)
    ranks_.push_back(std::make_unique<LocalRank>(first_rank + i, executable));
}

LocalRanks::LocalRanks(std::unique_ptr<WorkerProcess> worker) : first_rank_(0) {
  worker->forget_last_job();
  ranks_.push_back(std::make_unique<LocalRank>(0, std::move(worker)));
}

std::unique_ptr<WorkerProcess> LocalRanks::take_waiting_worker() {
  return count() == 1 && !signalled_ && ranks_.front()->waits() ? ranks_.front()->take_worker()
                                                                : nullptr;
}

void LocalRanks::renumber(int first_rank) {
  first_rank_ = first_rank;
  for (int i = 0; i < count(); ++i) at(first_rank_ + i).renumber(first_rank_ + i);
}

void LocalRanks::log_to(const std::filesystem::path& folder) {
  for (int i = 0; i < count(); ++i) at(first_rank_ + i).log_to(rank_log(folder, first_rank_ + i));
}

void LocalRanks::signal(int number) {
  signalled_ = true;
  for (const auto& rank : ranks_)
    if (!rank->ended()) rank->worker().signal(number);
}

void LocalRanks::kill() {
  signal(SIGKILL);
  for (const auto& rank : ranks_) rank->worker().wait();
}

void LocalRanks::add_sources(std::vector<pollfd>& sources) const {
  for (const auto& rank : ranks_) rank->add_sources(sources);
}

void LocalRanks::read(RankListener& listener) {
  for (auto& rank : ranks_) rank->read(listener);
}

bool LocalRanks::all_ended() const {
  return std::all_of(ranks_.begin(), ranks_.end(), [](const auto& rank) { return rank->ended(); });
}

std::vector<RankState> LocalRanks::states() const {
  std::vector<RankState> states;
  for (const auto& rank : ranks_)
    if (!rank->ended()) states.push_back(rank->state());
  return states;
}

std::vector<pid_t> LocalRanks::pids() const {
  std::vector<pid_t> pids;
  for (const auto& rank : ranks_)
    if (!rank->ended()) pids.push_back(rank->worker().pid());
  return pids;
}

}  // namespace runner
