#include "runner/train/front_store.hpp"

#include <algorithm>

#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <poll.h>

namespace runner {

c10::intrusive_ptr<c10d::Store> FrontStore::clone() {
  return c10::intrusive_ptr<Store>::unsafe_reclaim_from_nonowning(this);
}

void FrontStore::set(const std::string& key, const std::vector<std::uint8_t>& value) {
  ask({{"do", "set"}, {"key", key}, {"value", Json::binary(value)}});
}

std::vector<std::uint8_t> FrontStore::compareSet(const std::string& key,
                                                 const std::vector<std::uint8_t>& expected,
                                                 const std::vector<std::uint8_t>& value) {
  return ask({{"do", "compare_set"},
              {"key", key},
              {"expected", Json::binary(expected)},
              {"value", Json::binary(value)}})
      .at("value")
      .get_binary();
}

std::vector<std::uint8_t> FrontStore::get(const std::string& key) {
  return ask({{"do", "get"}, {"key", key}}).at("value").get_binary();
}

std::int64_t FrontStore::add(const std::string& key, std::int64_t value) {
  return ask({{"do", "add"}, {"key", key}, {"value", value}}).at("value");
}

bool FrontStore::deleteKey(const std::string& key) {
  return ask({{"do", "delete"}, {"key", key}}).at("value");
}

bool FrontStore::check(const std::vector<std::string>& keys) {
  return ask({{"do", "check"}, {"keys", keys}}).at("value");
}

std::int64_t FrontStore::getNumKeys() { return ask({{"do", "count"}}).at("value"); }

void FrontStore::wait(const std::vector<std::string>& keys,
                      const std::chrono::milliseconds& timeout) {
  ask({{"do", "wait"}, {"keys", keys}}, timeout);
}

Json FrontStore::ask(Json request, std::chrono::milliseconds timeout) {
  const auto until = Clock::now() + (timeout == kNoTimeout ? std::chrono::hours(10'000) : timeout);
  const auto wish = request.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::unique_lock lock(mutex_);
  request["event"] = "store";
  request["id"] = ++last_id_;
  const auto reply = replies_.emplace(last_id_, std::nullopt).first;
  bool open = channel_.send(request);
  while (open && !reply->second && Clock::now() < until) {
    if (one_reads_)
      changed_.wait_until(lock, until);
    else
      open = read_for_all(lock, until);
  }
  const auto answer = std::move(reply->second);
  replies_.erase(reply);
  if (answer) return *answer;
  const auto seconds = std::chrono::duration<double>(timeout).count();
  throw c10::DistStoreError(
      open ? fmt::format("no rank has answered {} within {:g} s", wish, seconds)
           : "the supervisor is gone",
      nullptr);
}

bool FrontStore::read_for_all(std::unique_lock<std::mutex>& lock, Clock::time_point until) {
  one_reads_ = true;
  lock.unlock();
  auto message = channel_.take();
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  pollfd source{channel_.fd(), POLLIN, 0};
  bool open = true;
  if (!message && poll(&source, 1, static_cast<int>(std::min<std::int64_t>(left, 1000))) > 0) {
    open = channel_.read();
    message = channel_.take();
  }
  lock.lock();
  one_reads_ = false;
  if (message) {
    const auto waiting = replies_.find(message->value("id", std::int64_t{0}));
    if (waiting != replies_.end()) waiting->second = std::move(*message);
  }
  changed_.notify_all();
  return open;
}

}  // namespace runner
