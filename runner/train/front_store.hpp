#pragma once

#include "runner/protocol/channel.hpp"
#include "runner/protocol/job.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <torch/csrc/distributed/c10d/Store.hpp>

namespace runner {

/// c10d's store, kept by the supervisor of rank 0 (KeyValueStore) and asked over the channel to
/// this worker's own: no port of its own is open, and a stranger cannot speak to it. From any
/// thread, also while another waits. While it is used, nobody else reads the channel.
class FrontStore : public c10d::Store {
 public:
  FrontStore(Channel& channel, std::chrono::milliseconds timeout)
      : Store(timeout), channel_(channel) {}

  c10::intrusive_ptr<Store> clone() override;
  using Store::compareSet;
  using Store::set;
  void set(const std::string& key, const std::vector<std::uint8_t>& value) override;
  std::vector<std::uint8_t> compareSet(const std::string& key,
                                       const std::vector<std::uint8_t>& expected,
                                       const std::vector<std::uint8_t>& value) override;
  std::vector<std::uint8_t> get(const std::string& key) override;
  std::int64_t add(const std::string& key, std::int64_t value) override;
  bool deleteKey(const std::string& key) override;
  bool check(const std::vector<std::string>& keys) override;
  std::int64_t getNumKeys() override;
  void wait(const std::vector<std::string>& keys) override { wait(keys, timeout_); }
  void wait(const std::vector<std::string>& keys,
            const std::chrono::milliseconds& timeout) override;

 private:
  using Clock = std::chrono::steady_clock;

  /// Throws c10::DistStoreError where no answer comes in time, or the supervisor is gone.
  protocol::StoreReply ask(protocol::StoreWish wish) { return ask(std::move(wish), timeout_); }
  protocol::StoreReply ask(protocol::StoreWish wish, std::chrono::milliseconds timeout);
  /// Reads what comes next, for whoever waits for it; false when the supervisor is gone.
  bool read_for_all(std::unique_lock<std::mutex>& lock, Clock::time_point until);

  Channel& channel_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t last_id_ = 0;
  bool one_reads_ = false;  ///< for all who wait
  std::map<std::int64_t, std::optional<protocol::StoreReply>> replies_;
};

}  // namespace runner
