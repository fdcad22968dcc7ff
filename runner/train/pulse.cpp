#include "runner/train/pulse.hpp"

#include <chrono>

namespace runner {
namespace {

constexpr std::chrono::milliseconds interval{500};

}  // namespace

Pulse::Pulse(std::atomic<std::int64_t>& count)
    : thread_([this, &count] {
        std::unique_lock lock(mutex_);
        count = 1;
        while (!ended_.wait_for(lock, interval, [this] { return end_; }))
          count.fetch_add(1, std::memory_order_relaxed);
      }) {}

Pulse::~Pulse() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  ended_.notify_one();
  thread_.join();
}

}  // namespace runner
