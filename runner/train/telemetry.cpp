#include "runner/train/telemetry.hpp"

#include "experiments/value.hpp"

namespace runner {
namespace {

constexpr std::int64_t flush_interval_ms = 200;

}  // namespace

void Telemetry::record(const std::string& metric, const At& at, double value) {
  if (!speaks_) return;
  const auto now = now_ms();
  points_.push_back({metric, at.step, at.epoch, value, now});
  if (now - last_flush_ms_ >= flush_interval_ms) flush();
}

void Telemetry::flush() {
  if (points_.empty()) return;
  channel_.send({{"event", "metrics"}, {"points", std::move(points_)}});
  points_ = Json::array();
  last_flush_ms_ = now_ms();
}

}  // namespace runner
