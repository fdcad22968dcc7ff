#pragma once

#include "registry/losses/loss.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace runner {

/// A loss in which each class may have a factor, PyTorch's `weight`. The mean over samples i of
/// class c_i is sum(weight[c_i] * loss_i) / sum(weight[c_i]).
class ClassWeightedLoss : public Loss {
 public:
  /// No factors: every sample weighs 1. Throws std::invalid_argument, which begins with the name of
  /// the `loss`, unless there is one factor for each of the classes.
  ClassWeightedLoss(std::string_view loss, const std::vector<double>& factors,
                    std::int64_t classes);

  at::Tensor sum(const at::Tensor& output, const at::Tensor& target) const final;
  bool has_weights() const final { return factors_.defined(); }
  double weight(const at::Tensor& target) const final;

 private:
  /// `factors` [classes], of the output's type and on its device; undefined when there are none.
  virtual at::Tensor sum_with(const at::Tensor& factors, const at::Tensor& output,
                              const at::Tensor& target) const = 0;

  at::Tensor factors_;  ///< float64, on the CPU
};

}  // namespace runner
