#include "runner/train/running_loss.hpp"

#include <cmath>
#include <utility>

#include <ATen/ATen.h>

namespace runner {

void RunningLoss::add(const at::Tensor& sum, double weight, std::int64_t step) {
  waiting_.push_back(sum.detach());
  weight_ += weight;
  last_step_ = step;
}

std::optional<RunningLoss::NotFinite> RunningLoss::collect() {
  if (waiting_.empty()) return std::nullopt;
  const auto losses = at::stack(waiting_).to(at::kCPU, at::kDouble);
  const auto count = losses.numel();
  waiting_.clear();
  const auto* loss = losses.data_ptr<double>();
  for (std::int64_t i = 0; i < count; ++i) {
    if (!std::isfinite(loss[i]))
      return NotFinite{last_step_ - count + 1 + i, std::isnan(loss[i]) ? "NaN" : "infinite"};
    sum_ += loss[i];
  }
  return std::nullopt;
}

double RunningLoss::take_mean() {
  const auto weight = std::exchange(weight_, 0);
  return std::exchange(sum_, 0) / weight;
}

void RunningLoss::visit_state(StateVisitor& visitor) {
  visitor.value("running_loss.sum", sum_);
  visitor.value("running_loss.samples", weight_);
}

}  // namespace runner
