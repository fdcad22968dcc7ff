#include "registry/layers/global_norm.hpp"

#include <ATen/ATen.h>
#include <ATen/OpMathType.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/custom_class.h>

namespace runner {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Lets a function travel from forward to backward.
struct SumHolder : torch::CustomClassHolder {
  explicit SumHolder(SumOverRanks s) : sum(std::move(s)) {}
  SumOverRanks sum;
};

/// The format in which torch keeps statistics of such inputs.
at::ScalarType statistics_type(const at::Tensor& input) {
  return at::toOpMathType(input.scalar_type());
}

/// Of this rank's samples. Those of none are 0.
ChannelMoments local_moments(const at::Tensor& input) {
  const auto channels = input.size(1);
  const auto options = input.options().dtype(at::kDouble);
  const auto count = input.numel() / channels;
  const auto number = at::full({}, static_cast<double>(count), options);
  if (count == 0) return {at::zeros({channels}, options), at::zeros({channels}, options), number};
  const auto unused = at::zeros({channels}, input.options().dtype(statistics_type(input)));
  const auto [mean, var] = at::batch_norm_update_stats(input, unused, unused.clone(), 0);
  return {mean.to(at::kDouble), var.to(at::kDouble), number};
}

/// Gradients of weight and bias, of this rank's samples.
std::pair<at::Tensor, at::Tensor> local_gradients(const at::Tensor& gradient,
                                                  const at::Tensor& input, const at::Tensor& mean,
                                                  const at::Tensor& var, double eps) {
  if (input.numel() == 0) return {at::zeros_like(mean), at::zeros_like(mean)};
  // With given statistics, its gradient of the weight is the sum that the one of the input needs.
  constexpr bool train = false;
  const auto gradients = at::native_batch_norm_backward(
      gradient.contiguous(input.suggest_memory_format()), input, at::ones_like(mean), mean, var, {},
      {}, train, eps, {false, true, true});
  return {std::get<1>(gradients), std::get<2>(gradients)};
}

/// [channels] -> [1, channels, 1...], in the format of the input's statistics.
at::Tensor per_channel(const at::Tensor& values, const at::Tensor& input) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(input.dim()), 1);
  shape[1] = -1;
  return values.to(statistics_type(input)).view(shape);
}

struct Normalise : torch::autograd::Function<Normalise> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input,
                            const at::Tensor& weight, const at::Tensor& bias,
                            const ChannelMoments& moments, double eps, const SumOverRanks& sum) {
    const auto type = statistics_type(input);
    const auto mean = moments.mean.to(type), var = moments.var.to(type);
    context->save_for_backward({input, weight, mean, var, moments.count});
    context->saved_data["eps"] = eps;
    context->saved_data["sum"] = at::IValue::make_capsule(c10::make_intrusive<SumHolder>(sum));
    if (input.numel() == 0) return input.clone();
    const auto in_type = [&](const at::Tensor& x) { return x.defined() ? x.to(type) : x; };
    constexpr bool train = false;
    return std::get<0>(
        at::native_batch_norm(input, in_type(weight), in_type(bias), mean, var, train, 0, eps));
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const auto &input = saved[0], &weight = saved[1], &mean = saved[2], &var = saved[3];
    const auto eps = context->saved_data["eps"].toDouble();
    const auto [weight_gradient, bias_gradient] =
        local_gradients(gradients[0], input, mean, var, eps);
    at::Tensor input_gradient;
    if (context->needs_input_grad(0)) {
      auto sums = at::stack({bias_gradient, weight_gradient}).to(at::kDouble);
      c10::static_intrusive_pointer_cast<SumHolder>(context->saved_data["sum"].toCapsule())
          ->sum(sums);
      auto scale = (var.to(at::kDouble) + eps).rsqrt();
      const auto slope = scale * sums[1] / saved[4];
      if (weight.defined()) scale = scale * weight;
      // scale * (gradient - its mean - normalised input * the mean of their product)
      input_gradient =
          at::addcmul(per_channel(-scale * sums[0] / saved[4], input),
                      input - per_channel(mean, input), per_channel(-scale * slope, input))
              .addcmul_(gradients[0], per_channel(scale, input))
              .to(input.scalar_type());
    }
    return {input_gradient,
            weight.defined() ? weight_gradient : at::Tensor(),
            weight.defined() ? bias_gradient : at::Tensor(),
            {},
            {},
            {}};
  }
};

}  // namespace

ChannelMoments moments_over_ranks(const at::Tensor& input, const SumOverRanks& sum) {
  const at::NoGradGuard no_grad;
  const auto channels = input.size(1);
  const auto own = local_moments(input);
  auto sums = at::cat({own.mean * own.count, own.count.view(1)});
  sum(sums);
  const auto count = sums[channels];
  // A look at the count waits for the device, and is needed only by those that may be alone.
  TORCH_CHECK(input.numel() > channels || count.item<double>() > 1,
              "Expected more than 1 value per channel when training, got input size ",
              input.sizes(), " and nothing on the other ranks");
  const auto mean = sums.slice(0, 0, channels) / count;
  // About the mean of all, since E[x^2] - E[x]^2 cancels where the mean is large.
  auto var = (own.var + (own.mean - mean).square()) * own.count;
  sum(var);
  return {mean, var / count, count};
}

at::Tensor normalise(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                     const ChannelMoments& moments, double eps, const SumOverRanks& sum) {
  return Normalise::apply(input, weight, bias, moments, eps, sum);
}

}  // namespace runner
