#include "registry/batch/reading_threads.hpp"

#include <utility>

namespace runner {

ReadingThreads::ReadingThreads(int count) {
  for (int i = 0; i < count; ++i)
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

ReadingThreads::~ReadingThreads() {
  for (auto& thread : threads_) thread.request_stop();
}

void ReadingThreads::add(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  added_.notify_one();
}

void ReadingThreads::work(const std::stop_token& stop) {
  while (true) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      if (!added_.wait(lock, stop, [this] { return !tasks_.empty(); })) return;
      if (stop.stop_requested()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace runner
