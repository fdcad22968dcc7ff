#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace runner {

/// Threads that work off tasks, in the order in which they are added.
class ReadingThreads {
 public:
  explicit ReadingThreads(int count);
  /// Ends with the tasks that are begun; the others are dropped.
  ~ReadingThreads();
  ReadingThreads(const ReadingThreads&) = delete;
  ReadingThreads& operator=(const ReadingThreads&) = delete;

  int count() const { return static_cast<int>(threads_.size()); }
  /// A task must not throw.
  void add(std::function<void()> task);

 private:
  void work(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any added_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::jthread> threads_;
};

}  // namespace runner
