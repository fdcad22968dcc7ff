#include "registry/losses/class_loss.hpp"

#include "registry/data/array.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

/// What a row counts where all its targets do; else none.
std::optional<double> targets_of_row(const ClassFactors& factors, JudgedType judged) {
  judged.ignored = factors.ignore_index;
  if (!factors.weight.empty() || judged.may_ignore()) return std::nullopt;
  return static_cast<double>(elements_of(judged.target.shape));
}

}  // namespace

ClassLoss::ClassLoss(const ClassFactors& factors, const JudgedType& judged)
    : target_(judged.target.name),
      class_axis_(judged.class_axis),
      count_of_row_(targets_of_row(factors, judged)),
      ignored_(factors.ignore_index) {
  if (!factors.weight.empty()) factors_ = at::tensor(factors.weight, at::kDouble);
}

at::Tensor ClassLoss::sum(const Output& output, const Batch& batch) const {
  auto values = output.tensor;
  auto targets = batch.at(target_);
  if (class_axis_ == -1 && values.dim() > 2) {
    values = values.flatten(0, -2);
    targets = targets.flatten();
  }
  if (!factors_.defined()) return sum_with({}, values, targets);
  // In bf16 or fp16 the factors would lose their digits.
  const auto wide = values.to(at::promote_types(values.scalar_type(), at::kFloat));
  return sum_with(factors_.to(wide.options()), wide, targets);
}

at::Tensor ClassLoss::count(const at::Tensor& targets) const {
  const auto counted = targets.ne(ignored_);
  if (!factors_.defined()) return counted.sum().to(at::kDouble);
  return factors_.to(targets.device()).index_select(0, targets.masked_select(counted)).sum();
}

}  // namespace runner
