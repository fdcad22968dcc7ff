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
            [this] {
              return failure_ ? Json{{"event", "failed"}, {"failure", to_json(*failure_)}}
                              : Json{{"event", "left"}};
            }};
  }
  Outcome outcome() const {
    if (failure_) return {Ending::failed, describe(*failure_, task_.launch.world_size), false};
    return {Ending::interrupted, "stopped before all ranks had come", false};
  }

 private:
  void message(int, const Json&) override {}
  void output(int, const std::string&) override {}
  void finished(int, const std::string&, const std::string&) override {}
  void failed(const Failure& failure) override { failure_ = failure; }

  const Task& task_;
  bool stopped_ = false;
  std::optional<Failure> failure_;
};

}  // namespace runner
