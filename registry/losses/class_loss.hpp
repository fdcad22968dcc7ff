#pragma once

#include "registry/losses/class_factors.hpp"
#include "registry/losses/judged_type.hpp"
#include "registry/losses/loss.hpp"

namespace runner {

/// A loss of targets that are classes, PyTorch's: each class may have a factor, `weight`, and one
/// may be ignored. The mean over targets i of class c_i is sum(weight[c_i] * loss_i) /
/// sum(weight[c_i]), over those that are not ignored.
class ClassLoss : public Loss {
 public:
  ClassLoss(const ClassFactors& factors, const JudgedType& judged);

  at::Tensor sum(const Output& output, const Batch& batch) const final;
  std::optional<double> count_of_row() const final { return count_of_row_; }
  at::Tensor count(const at::Tensor& targets) const final;
  std::optional<std::int64_t> ignored() const final { return ignored_; }

 private:
  /// `output` [M, C] or [N, C, d...], and targets of the same extents but C. `factors` [classes],
  /// of the output's type and on its device; undefined when there are none.
  virtual at::Tensor sum_with(const at::Tensor& factors, const at::Tensor& output,
                              const at::Tensor& targets) const = 0;

  std::string target_;
  std::int64_t class_axis_;
  std::optional<double> count_of_row_;
  at::Tensor factors_;  ///< float64, on the CPU

 protected:
  std::int64_t ignored_;
};

}  // namespace runner
