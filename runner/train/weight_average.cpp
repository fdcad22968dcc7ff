#include "runner/train/weight_average.hpp"

#include <utility>

#include <ATen/ATen.h>

namespace runner {

WeightAverage::WeightAverage(std::optional<double> decay, Network& network) : decay_(decay) {
  if (!decay_) return;
  for (const auto& parameter : network.named_parameters()) {
    names_.push_back(parameter.key());
    weights_.push_back(parameter.value());
    averages_.push_back(parameter.value().detach().clone());
  }
}

void WeightAverage::update(std::int64_t step) {
  if (!decay_) return;
  if (step == 1) return restart();
  const at::NoGradGuard no_grad;
  at::_foreach_lerp_(averages_, weights_, 1 - *decay_);
}

void WeightAverage::restart() {
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < averages_.size(); ++i) averages_[i].copy_(weights_[i]);
}

void WeightAverage::swap() {
  // The tensors stay, since optimizers and buckets hold them; their memory changes places.
  for (std::size_t i = 0; i < averages_.size(); ++i) {
    const auto weights = weights_[i].detach();
    weights_[i].set_data(averages_[i]);
    averages_[i] = weights;
  }
}

void WeightAverage::visit_state(StateVisitor& visitor, const Strategy& strategy) const {
  for (std::size_t i = 0; i < averages_.size(); ++i)
    strategy.visit(visitor, {names_[i], averages_[i]});
}

}  // namespace runner
