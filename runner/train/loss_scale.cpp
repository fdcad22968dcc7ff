#include "runner/train/loss_scale.hpp"

#include <ATen/ATen.h>

namespace runner {

bool LossScale::unscale(std::vector<at::Tensor>& gradients) {
  if (!enabled_ || gradients.empty()) return true;
  constexpr double growth = 2, backoff = 0.5;
  constexpr std::int64_t steps_until_growth = 2000;
  auto found = at::zeros({}, gradients.front().options().dtype(at::kFloat));
  const auto inverse = at::full_like(found, 1 / factor_);
  at::_amp_foreach_non_finite_check_and_unscale_(gradients, found, inverse);
  if (found.item<float>() != 0) {
    factor_ *= backoff;
    good_steps_ = 0;
    ++skipped_;
    return false;
  }
  if (++good_steps_ == steps_until_growth) {
    factor_ *= growth;
    good_steps_ = 0;
  }
  return true;
}

void LossScale::visit_state(StateVisitor& visitor) {
  visitor.value("loss_scale.factor", factor_);
  visitor.value("loss_scale.good_steps", good_steps_);
  visitor.value("loss_scale.skipped", skipped_);
}

}  // namespace runner
