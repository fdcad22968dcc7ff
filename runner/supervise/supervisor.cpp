#include "runner/supervise/supervisor.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

namespace runner {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds draw_interval{100};
constexpr milliseconds between_signs_of_life{500};
/// After a failure that is only a symptom, its cause has so long to be heard of.
constexpr milliseconds patience_for_cause{500};
/// After that, who has not ended by itself is no longer waited for.
constexpr milliseconds patience_for_members{1000};
/// Who has answered is there, but the memory of its ranks may take a while to be given back.
constexpr milliseconds patience_for_killed_ranks{10000};

bool is_a_symptom(const Failure& failure) {
  return std::holds_alternative<LostOthers>(failure.cause);
}

/// All ranks come to it again.
bool would_recur(const Cause& cause) {
  return std::holds_alternative<Mistake>(cause) || std::holds_alternative<NotFinite>(cause);
}

}  // namespace

Supervisor::Supervisor(LocalRanks& ranks, Circle& circle, double heartbeat, StopSource& stops,
                       Observer& observer)
    : ranks_(ranks), circle_(circle), stops_(stops), observer_(observer), watch_(heartbeat) {}

template <class Message>
void Supervisor::tell_members(const Message& message) {
  for (auto& member : circle_.members) member.channel->send(message);
}

Outcome Supervisor::run() {
  for (const auto& member : circle_.members)
    for (int i = 0; i < member.ranks; ++i) watch_.expect(member.rank + i, member.host);
  while (!over()) {
    wait_for_something();
    answer_stop_requests();
    ranks_.read(*this);
    for (auto& member : circle_.members) read(member);
    look_after_the_ranks();
    end_all_once_the_cause_is_known();
    observer_.progress(ranks_.heartbeat(0));
  }
  auto result = outcome();
  tell_members(protocol::End{result});
  return result;
}

void Supervisor::wait_for_something() {
  std::vector<pollfd> sources{{stops_.fd(), POLLIN, 0}};
  ranks_.add_sources(sources);
  for (const auto& member : circle_.members)
    if (!ended_members_.contains(member.rank)) sources.push_back({member.channel->fd(), POLLIN, 0});
  poll(sources.data(), sources.size(), static_cast<int>(draw_interval.count()));
}

/// The first request stops all ranks after the same step; the second does not wait.
void Supervisor::answer_stop_requests() {
  const int new_requests = stops_.take_stop_requests();
  if (new_requests == 0) return;
  if (stop_requests_ == 0) {
    ranks_.signal(SIGTERM);
    tell_members(protocol::Stop{});
    observer_.stopping();
  } else if (circle_.members.empty()) {
    ending_all_ = true;
    ranks_.signal(SIGKILL);
  }
  stop_requests_ += new_requests;
}

void Supervisor::event(int rank, const Event& event) {
  if (rank == 0) observer_.event(event);
}

void Supervisor::asked(int rank, const protocol::StoreRequest& request) {
  store_.ask(request, [this, rank](const auto& reply) { ranks_.send(rank, reply); });
}

void Supervisor::output(int rank, const std::string& line) {
  if (rank == 0) observer_.output(line);
}

void Supervisor::finished(int rank, Ending ending, const std::string& reason) {
  watch_.forget(rank);
  if (rank == 0) finished_ = Outcome{ending, reason};
}

void Supervisor::failed(const Failure& failure) {
  watch_.forget(failure.rank);
  if (ending_all_) return;
  if (!failure_) failed_at_ = Clock::now();
  if (!failure_ || (is_a_symptom(*failure_) && !is_a_symptom(failure))) failure_ = failure;
}

void Supervisor::read(Member& member) {
  if (ended_members_.contains(member.rank) || !is_readable(member.channel->fd())) return;
  const bool open = hear_all<protocol::ToHead>(*member.channel,
                                               [&](const auto& message) { hear(member, message); });
  if (open || ended_members_.contains(member.rank)) return;
  ended_members_.insert(member.rank);
  gone_.insert(member.rank);
  const auto step = watch_.step_of(member.rank);
  failed({Died{fmt::format("went away at step {}: the connection to its runner closed", step)},
          member.rank, member.host, step});
}

void Supervisor::hear(Member& member, const protocol::ToHead& message) {
  std::visit(Overloaded{[&](const protocol::States& news) {
                          for (const auto& state : news.states) watch_.see(state, member.host);
                        },
                        [&](const protocol::RankAsks& asks) {
                          store_.ask(asks.request, [&member, rank = asks.rank](const auto& reply) {
                            member.channel->send(protocol::RankHears{rank, reply});
                          });
                        },
                        [&](const protocol::Failed& news) { failed(news.failure); },
                        [&](const protocol::Aborting&) { aborting_.insert(member.rank); },
                        [&](const protocol::Left&) {
                          end_before_the_start();
                          forget(member);
                        },
                        [&](const protocol::RanksEnded&) { forget(member); },
                        [](const protocol::Introduction&) {}},
             message);
}

/// Nothing more comes of it.
void Supervisor::forget(const Member& member) {
  ended_members_.insert(member.rank);
  for (int i = 0; i < member.ranks; ++i) watch_.forget(member.rank + i);
}

void Supervisor::look_after_the_ranks() {
  const auto now = Clock::now();
  if (now - told_members_at_ > between_signs_of_life) {
    tell_members(protocol::Alive{});
    told_members_at_ = now;
  }
  watch_.pass(std::chrono::duration<double>(now - looked_at_).count());
  looked_at_ = now;
  // Alone, nobody waits for it; a debugger may stop it as long as it likes.
  if (world_size() == 1 || ending_all_) return;
  for (const auto& state : ranks_.states()) watch_.see(state, host_);
  if (const auto hung = watch_.find_hung()) failed(*hung);
}

void Supervisor::end_all_once_the_cause_is_known() {
  if (!failure_ || ending_all_) return;
  if (is_a_symptom(*failure_) && Clock::now() - failed_at_ < patience_for_cause) return;
  end_all();
}

/// A process was told to stop while it waited for the others, who cannot start without it.
void Supervisor::end_before_the_start() {
  finished_ = Outcome{Ending::interrupted, "stopped before all ranks had come"};
  failed_at_ = Clock::now();
  end_all();
}

void Supervisor::end_all() {
  ending_all_ = true;
  tell_members(protocol::Abort{});
  ranks_.signal(SIGKILL);
}

bool Supervisor::over() const {
  if (!ranks_.all_ended()) return false;
  const auto waited = Clock::now() - failed_at_;
  return std::all_of(circle_.members.begin(), circle_.members.end(), [&](const auto& member) {
    const auto patience =
        aborting_.contains(member.rank) ? patience_for_killed_ranks : patience_for_members;
    return ended_members_.contains(member.rank) || (ending_all_ && waited > patience);
  });
}

/// It has gone, or does not answer.
bool Supervisor::is_lost(const Member& member) const {
  return gone_.contains(member.rank) ||
         !(ended_members_.contains(member.rank) || aborting_.contains(member.rank));
}

bool Supervisor::can_do_without_the_lost() const {
  if (!circle_.least_nodes) return false;
  std::set<int> nodes{circle_.node};
  for (const auto& member : circle_.members)
    if (!is_lost(member)) nodes.insert(member.node);
  return static_cast<std::int64_t>(nodes.size()) >= *circle_.least_nodes;
}

std::set<int> Supervisor::lost_ranks() const {
  std::set<int> lost;
  for (const auto& member : circle_.members)
    for (int i = 0; is_lost(member) && i < member.ranks; ++i) lost.insert(member.launched_as + i);
  return lost;
}

Outcome Supervisor::outcome() const {
  if (failure_) {
    const auto lost = lost_ranks();
    return {Ending::failed, describe(*failure_, world_size()),
            would_recur(failure_->cause) || (!lost.empty() && !can_do_without_the_lost()),
            failure_->cause, lost};
  }
  if (finished_) return *finished_;
  return {Ending::interrupted,
          fmt::format("killed at step {} on a second request", ranks_.heartbeat(0).step.load())};
}

int Supervisor::world_size() const {
  int size = ranks_.count();
  for (const auto& member : circle_.members) size += member.ranks;
  return size;
}

}  // namespace runner
