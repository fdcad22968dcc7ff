#pragma once

#include "registry/state.hpp"

#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace runner {

/// The mean training loss since it was last taken. Losses stay on the device until they are
/// collected: reading one waits for all the work before it.
class RunningLoss {
 public:
  /// The summed loss of one step's batch, and the weight of its samples.
  void add(const at::Tensor& sum, double weight, std::int64_t step);

  /// How many losses wait on the device.
  std::size_t waiting() const { return waiting_.size(); }

  struct NotFinite {
    std::int64_t step;
    std::string value;  ///< "NaN" or "infinite"
  };
  /// Brings the waiting losses here; the first that is not finite, if any.
  std::optional<NotFinite> collect();

  /// The mean over the samples collected since the last call.
  double take_mean();

  /// When none waits.
  void visit_state(StateVisitor& visitor);

 private:
  std::vector<at::Tensor> waiting_;
  std::int64_t last_step_ = 0;
  double sum_ = 0;
  double weight_ = 0;
};

}  // namespace runner
