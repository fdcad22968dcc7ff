#include "runner/train/pace.hpp"

#include "runner/train/device.hpp"

namespace runner {
namespace {

double seconds(Stopwatch::Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

void Pace::restart() {
  samples_ = 0;
  stepping_ = waiting_ = {};
}

void Pace::record(Telemetry& telemetry, const At& at, bool last) {
  const auto now = Stopwatch::Clock::now();
  if (samples_ == 0 || (now - recorded_ < std::chrono::seconds(1) && !last)) return;
  recorded_ = now;
  const auto stepping = seconds(stepping_);
  telemetry.record("system/samples_per_second", at, static_cast<double>(samples_) / stepping);
  telemetry.record("system/data_wait", at, seconds(waiting_) / stepping);
  telemetry.record("system/memory_mib", at, static_cast<double>(peak_memory(device_)) / (1 << 20));
  stepping_before_ += stepping_;
  waiting_before_ += waiting_;
  restart();
}

double Pace::data_wait() const {
  const auto stepping = seconds(stepping_before_ + stepping_);
  return stepping > 0 ? data_seconds() / stepping : 0;
}

double Pace::data_seconds() const { return seconds(waiting_before_ + waiting_); }

}  // namespace runner
