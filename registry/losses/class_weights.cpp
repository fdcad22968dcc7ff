#include "registry/losses/class_weights.hpp"

#include "registry/counted.hpp"

#include <stdexcept>

#include <ATen/ATen.h>
#include <fmt/format.h>

namespace runner {

ClassWeightedLoss::ClassWeightedLoss(std::string_view loss, const std::vector<double>& factors,
                                     std::int64_t classes) {
  if (factors.empty()) return;
  if (static_cast<std::int64_t>(factors.size()) != classes)
    throw std::invalid_argument(
        fmt::format("loss '{}': weight has {}, but the data have {} classes", loss,
                    counted(std::ssize(factors), "factor"), classes));
  factors_ = at::tensor(factors, at::kDouble);
}

at::Tensor ClassWeightedLoss::sum(const at::Tensor& output, const at::Tensor& target) const {
  if (!has_weights()) return sum_with({}, output, target);
  // In bf16 or fp16 the factors would lose their digits.
  const auto wide = output.to(at::promote_types(output.scalar_type(), at::kFloat));
  return sum_with(factors_.to(wide.options()), wide, target);
}

double ClassWeightedLoss::weight(const at::Tensor& target) const {
  if (!has_weights()) return Loss::weight(target);
  return factors_.index_select(0, target).sum().item<double>();
}

}  // namespace runner
