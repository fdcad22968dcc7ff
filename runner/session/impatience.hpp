#pragma once

#include "runner/session/task.hpp"
#include "runner/supervise/members.hpp"

#include <optional>

namespace runner {

/// The user does not want to wait for other processes, or a worker has ended meanwhile.
class Impatience : private RankListener {
 public:
  explicit Impatience(const Task& task) : task_(task) {}

  Interruption watch() {
    return {task_.stops.fd(),
            [this] {
              stopped_ = stopped_ || task_.stops.take_stop_requests() > 0;
              task_.ranks->read(*this);
              return stopped_ || failure_;
            },
            [this]() -> std::variant<protocol::Left, protocol::Failed> {
              if (failure_) return protocol::Failed{*failure_};
              return protocol::Left{};
            }};
  }
  Outcome outcome() const {
    if (failure_)
      return {Ending::failed, describe(*failure_, task_.launch.world_size), false, failure_->cause};
    return {Ending::interrupted, "stopped before all ranks had come"};
  }

 private:
  void event(int, const Event&) override {}
  void asked(int, const protocol::StoreRequest&) override {}
  void output(int, const std::string&) override {}
  void finished(int, Ending, const std::string&) override {}
  void failed(const Failure& failure) override { failure_ = failure; }

  const Task& task_;
  bool stopped_ = false;
  std::optional<Failure> failure_;
};

}  // namespace runner
