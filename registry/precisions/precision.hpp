#pragma once

#include <optional>

#include <c10/core/DeviceType.h>
#include <c10/core/ScalarType.h>

namespace runner {

/// How numbers are held while the network runs.
struct Precision {
  at::ScalarType type = at::ScalarType::Float;  ///< of weights and inputs
  /// What autocast computes in; none: each tensor's own type.
  std::optional<at::ScalarType> autocast{};
  bool scales_loss = false;  ///< so that small gradients do not vanish
  bool tf32 = false;         ///< fp32 matrix products in TensorFloat-32, on GPUs that have it
};

/// While it lives, the network's operations run at `precision`; the casts of weights that autocast
/// keeps are dropped at its end, since the next step changes the weights. Its end brings back the
/// autocast that was before.
class Autocast {
 public:
  Autocast(const Precision& precision, c10::DeviceType device);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  c10::DeviceType device_;
  bool active_;
  bool was_enabled_;
  at::ScalarType previous_type_;
};

}  // namespace runner
