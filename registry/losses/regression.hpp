#pragma once

#include "registry/losses/judged_type.hpp"
#include "registry/losses/loss.hpp"

namespace runner {

/// A loss of numbers: the mean over those of a sample, summed over samples. So the mean over a
/// batch is PyTorch's, which is over all numbers alike. Computed in fp32 at least.
class RegressionLoss : public Loss {
 public:
  explicit RegressionLoss(const JudgedType& judged) : target_(judged.target.name) {}

  /// Throws std::runtime_error unless there is one output for each target.
  at::Tensor sum(const Output& output, const Batch& batch) const final;

 private:
  /// Over all numbers of all samples; both of one type and shape.
  virtual at::Tensor sum_of_all(const at::Tensor& output, const at::Tensor& target) const = 0;

  std::string target_;
};

}  // namespace runner
