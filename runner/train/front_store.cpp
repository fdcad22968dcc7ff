#include "runner/train/front_store.hpp"

#include <algorithm>

#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>

namespace runner {
namespace {

/// "get never", "wait a, b".
std::string wish_text(const protocol::StoreWish& wish) {
  return std::visit(
      []<class Wish>(const Wish& each) {
        if constexpr (requires { each.keys; })
          return fmt::format("{} {}", Wish::name, fmt::join(each.keys, ", "));
        else if constexpr (requires { each.key; })
          return fmt::format("{} {}", Wish::name, each.key);
        else
          return std::string(Wish::name);
      },
      wish);
}

}  // namespace

c10::intrusive_ptr<c10d::Store> FrontStore::clone() {
  return c10::intrusive_ptr<Store>::unsafe_reclaim_from_nonowning(this);
}

void FrontStore::set(const std::string& key, const std::vector<std::uint8_t>& value) {
  ask(protocol::SetKey{key, value});
}

std::vector<std::uint8_t> FrontStore::compareSet(const std::string& key,
                                                 const std::vector<std::uint8_t>& expected,
                                                 const std::vector<std::uint8_t>& value) {
  return ask(protocol::CompareSetKey{key, expected, value}).value;
}

std::vector<std::uint8_t> FrontStore::get(const std::string& key) {
  return ask(protocol::GetKey{key}).value;
}

std::int64_t FrontStore::add(const std::string& key, std::int64_t value) {
  return ask(protocol::AddToKey{key, value}).number;
}

bool FrontStore::deleteKey(const std::string& key) {
  return ask(protocol::DeleteKey{key}).number != 0;
}

bool FrontStore::check(const std::vector<std::string>& keys) {
  return ask(protocol::CheckKeys{keys}).number != 0;
}

std::int64_t FrontStore::getNumKeys() { return ask(protocol::CountKeys{}).number; }

void FrontStore::wait(const std::vector<std::string>& keys,
                      const std::chrono::milliseconds& timeout) {
  ask(protocol::WaitForKeys{keys}, timeout);
}

protocol::StoreReply FrontStore::ask(protocol::StoreWish wish, std::chrono::milliseconds timeout) {
  const auto until = Clock::now() + (timeout == kNoTimeout ? std::chrono::hours(10'000) : timeout);
  std::unique_lock lock(mutex_);
  const protocol::StoreRequest request{++last_id_, std::move(wish)};
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
  throw c10::DistStoreError(open ? fmt::format("the store has not answered '{}' within {:g} s",
                                               wish_text(request.wish), seconds)
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
    auto reply = read_as<protocol::StoreReply>(*message);
    const auto waiting = replies_.find(reply.id);
    if (waiting != replies_.end()) waiting->second = std::move(reply);
  }
  changed_.notify_all();
  return open;
}

}  // namespace runner
