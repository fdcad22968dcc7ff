#include "runner/train/telemetry.hpp"

#include "experiments/value.hpp"

namespace runner {
namespace {

constexpr std::int64_t flush_interval_ms = 200;

}  // namespace

void Telemetry::record(const std::string& metric, const At& at, double value) {
  if (!speaks_) return;
  const auto now = now_ms();
  waiting_.points.push_back({metric, at.step, at.epoch, value, now});
  if (now - last_flush_ms_ >= flush_interval_ms) flush();
}

void Telemetry::flush() {
  if (waiting_.points.empty()) return;
  channel_.send(waiting_);
  waiting_.points.clear();
  last_flush_ms_ = now_ms();
}

}  // namespace runner
