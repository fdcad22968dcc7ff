#include "runner/train/due.hpp"

namespace runner {

bool Due::operator()(const Moment& now) {
  if (!every_) return false;
  const auto count = every_->count;
  switch (every_->unit) {
    case Unit::steps:
      return now.step % count == 0;
    case Unit::samples:
      return now.samples / count > (now.samples - now.batch) / count;
    case Unit::epochs:
      return now.ends_epoch && now.epoch % count == 0;
    default:
      if (now.seconds - last_ < every_->seconds()) return false;
      last_ = now.seconds;
      return true;
  }
}

void Due::visit_state(const std::string& name, StateVisitor& visitor) {
  visitor.value(name, last_);
}

}  // namespace runner
