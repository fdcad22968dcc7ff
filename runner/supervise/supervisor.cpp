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

}  // namespace

Supervisor::Supervisor(LocalRanks& ranks, Circle& circle, double heartbeat, StopSource& stops,
                       Observer& observer)
    : ranks_(ranks), circle_(circle), stops_(stops), observer_(observer), watch_(heartbeat) {}

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
  tell_members({{"event", "end"},
                {"ending", static_cast<int>(result.ending)},
                {"reason", result.reason},
                {"would_recur", result.would_recur}});
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
    tell_members({{"event", "stop"}});
    observer_.stopping();
  } else if (circle_.members.empty()) {
    ending_all_ = true;
    ranks_.signal(SIGKILL);
  }
  stop_requests_ += new_requests;
}

void Supervisor::message(int rank, const Json& message) {
  if (message.at("event") == "store")
    store_.ask(message, [this, rank](const Json& reply) { ranks_.send(rank, reply); });
  else if (rank == 0)
    observer_.event(message);
}

void Supervisor::output(int rank, const std::string& line) {
  if (rank == 0) observer_.output(line);
}

void Supervisor::finished(int rank, const std::string& status, const std::string& reason) {
  watch_.forget(rank);
  if (rank == 0)
    finished_ = Outcome{status == "done" ? Ending::done : Ending::interrupted, reason, false};
}

void Supervisor::failed(const Failure& failure) {
  watch_.forget(failure.rank);
  if (ending_all_) return;
  if (!failure_) failed_at_ = Clock::now();
  if (!failure_ || (failure_->kind == FailureKind::symptom && failure.kind != FailureKind::symptom))
    failure_ = failure;
}

void Supervisor::read(Member& member) {
  if (ended_members_.contains(member.rank) || !is_readable(member.channel->fd())) return;
  const bool open = hear_all(*member.channel, [&](const Json& message) { hear(member, message); });
  if (open || ended_members_.contains(member.rank)) return;
  ended_members_.insert(member.rank);
  gone_.insert(member.rank);
  const auto step = watch_.step_of(member.rank);
  failed({FailureKind::died, member.rank, member.host, step,
          fmt::format("went away at step {}: the connection to its runner closed", step)});
}

void Supervisor::hear(Member& member, const Json& message) {
  const auto& event = message.at("event");
  if (event == "states")
    for (const auto& state : message.at("states")) watch_.see(state_from_json(state), member.host);
  if (event == "store") {
    const int rank = message.at("rank");
    store_.ask(message.at("ask"), [&member, rank](const Json& reply) {
      member.channel->send({{"event", "store"}, {"rank", rank}, {"reply", reply}});
    });
  }
  if (event == "failed") failed(failure_from_json(message.at("failure")));
  if (event == "left") end_before_the_start();
  if (event == "aborting") aborting_.insert(member.rank);
  if (event == "ended" || event == "left") {
    ended_members_.insert(member.rank);
    for (int i = 0; i < member.ranks; ++i) watch_.forget(member.rank + i);
  }
}

void Supervisor::look_after_the_ranks() {
  const auto now = Clock::now();
  if (now - told_members_at_ > between_signs_of_life) {
    tell_members({{"event", "alive"}});
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
  const bool may_be_symptom = failure_->kind == FailureKind::symptom;
  if (may_be_symptom && Clock::now() - failed_at_ < patience_for_cause) return;
  end_all();
}

/// A process was told to stop while it waited for the others, who cannot start without it.
void Supervisor::end_before_the_start() {
  finished_ = Outcome{Ending::interrupted, "stopped before all ranks had come", false};
  failed_at_ = Clock::now();
  end_all();
}

void Supervisor::end_all() {
  ending_all_ = true;
  tell_members({{"event", "abort"}});
  ranks_.signal(SIGKILL);
}

void Supervisor::tell_members(const Json& message) {
  for (auto& member : circle_.members) member.channel->send(message);
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
            failure_->kind == FailureKind::agreed || failure_->kind == FailureKind::mistake ||
                (!lost.empty() && !can_do_without_the_lost()),
            failure_->kind, lost};
  }
  if (finished_) return *finished_;
  return {Ending::interrupted,
          fmt::format("killed at step {} on a second request", ranks_.heartbeat(0).step.load()),
          false};
}

int Supervisor::world_size() const {
  int size = ranks_.count();
  for (const auto& member : circle_.members) size += member.ranks;
  return size;
}

}  // namespace runner
