#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include <sys/types.h>

namespace runner {

/// What the cable between two hosts does to what passes. It is shared with the relay's process.
struct Weather {
  std::atomic<bool> cut{false};      ///< everything is lost
  std::atomic<bool> stalled{false};  ///< everything is kept, and passes when this is over
  std::atomic<bool> split{false};    ///< each segment of TCP becomes segments of one byte
  std::atomic<int> delay_ms{0};      ///< of each frame
};

/// Two hosts (network namespaces) and the cable between them, through a third namespace in which a
/// process passes Ethernet frames on.
class TwoHosts {
 public:
  TwoHosts();
  ~TwoHosts();
  TwoHosts(const TwoHosts&) = delete;
  TwoHosts& operator=(const TwoHosts&) = delete;

  /// CTest counts a test that prints this as skipped.
  bool missing() const;
  /// The namespace of a host.
  std::string name(int host) const;
  static std::string address(int host) { return "10.91.8." + std::to_string(host + 1); }
  Weather& weather() { return *weather_; }

 private:
  std::string switch_name() const { return name(2); }
  bool make() const;
  void start_relay();

  struct Unmap {
    void operator()(Weather* weather) const;
  };
  std::unique_ptr<Weather, Unmap> weather_;
  bool made_ = false;
  pid_t relay_ = -1;
};

}  // namespace runner
