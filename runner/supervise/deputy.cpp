#include "runner/supervise/deputy.hpp"

#include <algorithm>
#include <vector>

#include <poll.h>
#include <signal.h>

namespace runner {
namespace {

constexpr int poll_interval_ms = 200;
constexpr std::chrono::milliseconds between_states{500};

}  // namespace

Outcome Deputy::run() {
  while (!outcome_ || !ranks_.all_ended()) {
    wait_for_something();
    if (stops_.take_stop_requests() > 0) ranks_.signal(SIGTERM);
    ranks_.read(*this);
    read_head();
    tell_states();
  }
  return *outcome_;
}

void Deputy::wait_for_something() {
  std::vector<pollfd> sources{{stops_.fd(), POLLIN, 0}};
  if (!outcome_) sources.push_back({head_.channel->fd(), POLLIN, 0});
  ranks_.add_sources(sources);
  poll(sources.data(), sources.size(), poll_interval_ms);
}

void Deputy::asked(int rank, const protocol::StoreRequest& request) {
  head_.channel->send(protocol::RankAsks{rank, request});
}

void Deputy::failed(const Failure& failure) {
  if (!ending_all_) head_.channel->send(protocol::Failed{failure});
}

void Deputy::read_head() {
  if (outcome_) return;
  const auto now = Clock::now();
  // A long gap says that this process was stopped, and not the other.
  silent_ += std::min(1.0, std::chrono::duration<double>(now - looked_at_).count());
  looked_at_ = now;
  const bool readable = is_readable(head_.channel->fd());
  const bool open =
      !readable ||
      hear_all<protocol::FromHead>(*head_.channel, [this](const auto& message) { hear(message); });
  if (readable) silent_ = 0;
  if (outcome_) return;
  if (!open) give_up("the runner of rank 0 went away");
  if (silent_ > heartbeat_) give_up("the runner of rank 0 is silent");
}

void Deputy::hear(const protocol::FromHead& message) {
  std::visit(Overloaded{[this](const protocol::RankHears& hears) {
                          if (!ranks_.has(hears.rank)) throw BadMessage("there is no such rank");
                          ranks_.send(hears.rank, hears.reply);
                        },
                        [this](const protocol::Stop&) { ranks_.signal(SIGTERM); },
                        [this](const protocol::Abort&) {
                          head_.channel->send(protocol::Aborting{});
                          end_all();
                        },
                        [this](const protocol::End& end) {
                          outcome_ = end.outcome;
                          end_all();
                        },
                        [](const auto&) {}},
             message);
}

void Deputy::end_all() {
  ending_all_ = true;
  ranks_.signal(SIGKILL);
}

void Deputy::tell_states() {
  if (ranks_.all_ended()) {
    if (!told_end_) head_.channel->send(protocol::RanksEnded{});
    told_end_ = true;
    return;
  }
  if (ending_all_ || Clock::now() - told_at_ < between_states) return;
  told_at_ = Clock::now();
  head_.channel->send(protocol::States{ranks_.states()});
}

void Deputy::give_up(const std::string& reason) {
  outcome_ = Outcome{Ending::failed, reason, true};
  lost_head_ = true;
  end_all();
}

}  // namespace runner
