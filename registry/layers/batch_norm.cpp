#include "registry/layers/batch_norm.hpp"

#include "registry/layers/global_norm.hpp"

#include <ostream>

#include <ATen/ATen.h>

namespace runner {

at::Tensor BatchNormImpl::forward(const at::Tensor& input) {
  _check_input_dim(input);
  const bool tracked = running_mean.defined();
  const double momentum = is_training() && tracked ? next_momentum() : 0;
  const auto* scope = StatisticsScope::current();
  if (!is_training() || scope == nullptr)
    return torch::nn::functional::detail::batch_norm(input, running_mean, running_var, weight, bias,
                                                     is_training() || !tracked, momentum,
                                                     options.eps());
  const auto moments = moments_over_ranks(input, scope->sum_over_ranks());
  if (tracked) update_running_statistics(moments, momentum);
  return normalise(input, weight, bias, moments, options.eps(), scope->sum_over_ranks());
}

double BatchNormImpl::next_momentum() {
  num_batches_tracked += 1;
  const auto momentum = options.momentum();
  return momentum ? *momentum : 1 / num_batches_tracked.item<double>();
}

void BatchNormImpl::update_running_statistics(const ChannelMoments& moments, double momentum) {
  const at::NoGradGuard no_grad;
  const auto unbiased = moments.var * (moments.count / (moments.count - 1));
  running_mean.lerp_(moments.mean.to(running_mean.scalar_type()), momentum);
  running_var.lerp_(unbiased.to(running_var.scalar_type()), momentum);
}

void BatchNormImpl::to(torch::Device device, torch::Dtype type, bool non_blocking) {
  Module::to(device, type, non_blocking);
  if (num_batches_tracked.defined())
    num_batches_tracked.set_data(num_batches_tracked.to(at::kLong));
}

void BatchNormImpl::to(torch::Dtype type, bool non_blocking) {
  Module::to(type, non_blocking);
  if (num_batches_tracked.defined())
    num_batches_tracked.set_data(num_batches_tracked.to(at::kLong));
}

void BatchNormImpl::_check_input_dim(const at::Tensor& input) {
  TORCH_CHECK(input.dim() >= 2, "batch norm needs a batch [N, channels, ...], got ", input.sizes());
}

void BatchNormImpl::pretty_print(std::ostream& stream) const {
  stream << "runner::BatchNorm(" << options.num_features() << ", eps=" << options.eps() << ')';
}

}  // namespace runner
