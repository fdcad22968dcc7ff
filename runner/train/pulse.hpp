#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace runner {

/// A thread that counts and does nothing else: when the count stands still, the whole process does.
class Pulse {
 public:
  explicit Pulse(std::atomic<std::int64_t>& count);
  ~Pulse();
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  std::thread thread_;
};

}  // namespace runner
