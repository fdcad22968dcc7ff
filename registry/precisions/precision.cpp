#include "registry/precisions/precision.hpp"

#include <ATen/autocast_mode.h>

namespace runner {

Autocast::Autocast(const Precision& precision, c10::DeviceType device)
    : device_(device), active_(precision.autocast.has_value()) {
  if (!active_) return;
  at::autocast::set_autocast_enabled(device_, true);
  at::autocast::set_autocast_dtype(device_, *precision.autocast);
  at::autocast::increment_nesting();
}

Autocast::~Autocast() {
  if (!active_) return;
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(device_, false);
}

}  // namespace runner
