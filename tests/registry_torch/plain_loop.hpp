#pragma once

#include "registry/components.hpp"

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include <ATen/ATen.h>

namespace runner {

/// An optimizer as PyTorch's _single_tensor_NAME has it (torch/optim/NAME.py of 2.11, foreach and
/// fused off), for one tensor: the same operations of ATen in the same order. Lion, which PyTorch
/// lacks, as make_reference.py has it.
class PlainLoop {
 public:
  /// A component {name, field...}; what it does not say is PyTorch's default.
  explicit PlainLoop(Json component)
      : component_(std::move(component)), name_(component_.at("name")) {}

  static bool knows(const std::string& name) { return updates().contains(name); }

  /// The running averages by their names; zeros until there are some.
  at::Tensor& state(const std::string& name) { return states_[name]; }

  void step(at::Tensor& weights, const at::Tensor& gradient, double lr) {
    const at::NoGradGuard no_grad;
    ++step_;
    lr_ = lr;
    updates().at(name_)(*this, weights, flag("maximize") ? -gradient : gradient);
  }

 private:
  using Update = std::function<void(PlainLoop&, at::Tensor& weights, at::Tensor gradient)>;

  static const std::map<std::string, Update>& updates() {
    static const std::map<std::string, Update> all{
        {"sgd", &PlainLoop::sgd},         {"adam", &PlainLoop::adam},
        {"adamw", &PlainLoop::adam},      {"adamax", &PlainLoop::adamax},
        {"nadam", &PlainLoop::nadam},     {"radam", &PlainLoop::radam},
        {"adagrad", &PlainLoop::adagrad}, {"adadelta", &PlainLoop::adadelta},
        {"rmsprop", &PlainLoop::rmsprop}, {"lion", &PlainLoop::lion},
        {"muon", &PlainLoop::muon}};
    return all;
  }

  double number(const char* key, double initial) const { return component_.value(key, initial); }
  bool flag(const char* key, bool initial = false) const { return component_.value(key, initial); }
  double beta(std::size_t which, double initial) const {
    return component_.contains("betas") ? component_["betas"][which].get<double>() : initial;
  }
  double correction(double beta) const { return 1 - std::pow(beta, step_); }

  at::Tensor& zeros(const std::string& name, const at::Tensor& like) {
    auto& found = states_[name];
    if (!found.defined()) found = at::zeros_like(like);
    return found;
  }

  void decay(at::Tensor& weights, at::Tensor& gradient, double decay, bool decoupled) const {
    if (decay == 0) return;
    if (decoupled)
      weights.mul_(1 - lr_ * decay);
    else
      gradient = gradient.add(weights, decay);
  }

  std::pair<at::Tensor, at::Tensor> averages(const at::Tensor& gradient, double beta1,
                                             double beta2) {
    auto& average = zeros("exp_avg", gradient).lerp_(gradient, 1 - beta1);
    auto& square = zeros("exp_avg_sq", gradient);
    square.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
    return {average, square};
  }

  void sgd(at::Tensor& weights, at::Tensor gradient) {
    decay(weights, gradient, number("weight_decay", 0), false);
    if (const auto momentum = number("momentum", 0); momentum != 0) {
      auto& kept = states_["momentum_buffer"];
      if (kept.defined())
        kept.mul_(momentum).add_(gradient, 1 - number("dampening", 0));
      else
        kept = gradient.clone();
      gradient = flag("nesterov") ? gradient.add(kept, momentum) : kept;
    }
    weights.add_(gradient, -lr_);
  }

  void adam(at::Tensor& weights, at::Tensor gradient) {
    const bool is_adamw = name_ == "adamw";
    decay(weights, gradient, number("weight_decay", is_adamw ? 0.01 : 0),
          is_adamw || flag("decoupled_weight_decay"));
    const auto beta1 = beta(0, 0.9), beta2 = beta(1, 0.999);
    auto [average, square] = averages(gradient, beta1, beta2);
    if (flag("amsgrad")) {
      auto& largest = zeros("max_exp_avg_sq", gradient);
      largest.copy_(at::maximum(largest, square));
      square = largest;
    }
    const auto below = (square.sqrt() / std::sqrt(correction(beta2))).add_(number("eps", 1e-8));
    weights.addcdiv_(average, below, -lr_ / correction(beta1));
  }

  void adamax(at::Tensor& weights, at::Tensor gradient) {
    decay(weights, gradient, number("weight_decay", 0), false);
    auto& average = zeros("exp_avg", gradient).lerp_(gradient, 1 - beta(0, 0.9));
    auto& most = zeros("exp_inf", gradient);
    most.copy_(at::maximum(most.mul_(beta(1, 0.999)), gradient.abs().add_(number("eps", 1e-8))));
    weights.addcdiv_(average, most, -lr_ / correction(beta(0, 0.9)));
  }

  void nadam(at::Tensor& weights, at::Tensor gradient) {
    decay(weights, gradient, number("weight_decay", 0), flag("decoupled_weight_decay"));
    const auto beta1 = beta(0, 0.9), beta2 = beta(1, 0.999);
    const auto momentum = [&](std::int64_t step) {
      const auto power = static_cast<double>(step) * number("momentum_decay", 4e-3);
      return beta1 * (1 - 0.5 * std::pow(0.96, power));
    };
    const auto now = momentum(step_), next = momentum(step_ + 1);
    momenta_ *= static_cast<float>(now);  // PyTorch keeps it in a float32 tensor
    const double product = momenta_;
    const auto [average, square] = averages(gradient, beta1, beta2);
    const auto below = square.div(correction(beta2)).sqrt().add_(number("eps", 1e-8));
    weights.addcdiv_(gradient, below, -lr_ * (1 - now) / (1 - product));
    weights.addcdiv_(average, below, -lr_ * next / (1 - product * next));
  }

  void radam(at::Tensor& weights, at::Tensor gradient) {
    decay(weights, gradient, number("weight_decay", 0), flag("decoupled_weight_decay"));
    const auto beta1 = beta(0, 0.9), beta2 = beta(1, 0.999);
    const auto [average, square] = averages(gradient, beta1, beta2);
    const auto corrected = average / correction(beta1);
    const auto last = 2 / (1 - beta2) - 1;
    const auto now =
        last - 2 * static_cast<double>(step_) * std::pow(beta2, step_) / correction(beta2);
    if (now <= 5) {
      weights.add_(corrected * lr_, -1);
      return;
    }
    const auto rectification =
        std::sqrt((now - 4) * (now - 2) * last / ((last - 4) * (last - 2) * now));
    const auto rate = std::sqrt(correction(beta2)) / square.sqrt().add_(number("eps", 1e-8));
    weights.add_(corrected * lr_ * rate * rectification, -1);
  }

  void adagrad(at::Tensor& weights, at::Tensor gradient) {
    decay(weights, gradient, number("weight_decay", 0), false);
    auto& sum = states_["sum"];
    if (!sum.defined()) sum = at::full_like(weights, number("initial_accumulator_value", 0));
    sum.addcmul_(gradient, gradient, 1);
    const auto rate = lr_ / (1 + static_cast<double>(step_ - 1) * number("lr_decay", 0));
    weights.addcdiv_(gradient, sum.sqrt().add_(number("eps", 1e-10)), -rate);
  }

  void adadelta(at::Tensor& weights, at::Tensor gradient) {
    decay(weights, gradient, number("weight_decay", 0), false);
    const auto rho = number("rho", 0.9), eps = number("eps", 1e-6);
    auto& square = zeros("square_avg", gradient);
    auto& deltas = zeros("acc_delta", gradient);
    square.mul_(rho).addcmul_(gradient, gradient, 1 - rho);
    const auto root = square.add(eps).sqrt_();
    const auto delta = deltas.add(eps).sqrt_().div_(root).mul_(gradient);
    deltas.mul_(rho).addcmul_(delta, delta, 1 - rho);
    weights.add_(delta, -lr_);
  }

  void rmsprop(at::Tensor& weights, at::Tensor gradient) {
    decay(weights, gradient, number("weight_decay", 0), false);
    const auto alpha = number("alpha", 0.99), momentum = number("momentum", 0);
    auto& square = zeros("square_avg", gradient);
    square.mul_(alpha).addcmul_(gradient, gradient, 1 - alpha);
    auto below = square;
    if (flag("centered")) {
      auto& average = zeros("grad_avg", gradient).lerp_(gradient, 1 - alpha);
      below = square.addcmul(average, average, -1);
    }
    below = below.sqrt().add_(number("eps", 1e-8));
    if (momentum > 0) {
      auto& kept = zeros("momentum_buffer", gradient);
      weights.add_(kept.mul_(momentum).addcdiv_(gradient, below), -lr_);
    } else {
      weights.addcdiv_(gradient, below, -lr_);
    }
  }

  void lion(at::Tensor& weights, at::Tensor gradient) {
    const auto beta1 = beta(0, 0.9), beta2 = beta(1, 0.99);
    auto& average = zeros("exp_avg", gradient);
    const auto update = at::sign(beta1 * average + (1 - beta1) * gradient);
    weights.mul_(1 - lr_ * number("weight_decay", 0)).sub_(lr_ * update);
    average.mul_(beta2).add_(gradient, 1 - beta2);
  }

  void muon(at::Tensor& weights, at::Tensor gradient) {
    const auto momentum = number("momentum", 0.95);
    auto& kept = zeros("momentum_buffer", gradient).lerp_(gradient, 1 - momentum);
    const auto update = orthogonal(flag("nesterov", true) ? gradient.lerp(kept, momentum) : kept);
    weights.mul_(1 - lr_ * number("weight_decay", 0.1));
    const auto rows = static_cast<double>(weights.size(0));
    const auto columns = static_cast<double>(weights.size(1));
    const bool matches_adamw = component_.value("adjust_lr_fn", "original") == "match_rms_adamw";
    weights.add_(update, -lr_ * (matches_adamw ? 0.2 * std::sqrt(std::max(rows, columns))
                                               : std::sqrt(std::max(1.0, rows / columns))));
  }

  at::Tensor orthogonal(const at::Tensor& update) const {
    const auto coefficients = component_.value("ns_coefficients", Json{3.4445, -4.7750, 2.0315});
    const auto a = coefficients[0].get<double>(), b = coefficients[1].get<double>(),
               c = coefficients[2].get<double>();
    const bool is_tall = update.size(0) > update.size(1);
    auto x = update.to(at::kBFloat16);
    if (is_tall) x = x.t();
    x = x.div(x.norm().clamp_min(number("eps", 1e-7)));
    for (int i = 0; i < component_.value("ns_steps", 5); ++i) {
      const auto gram = x.matmul(x.t());
      x = at::addmm(x, at::addmm(gram, gram, gram, b, c), x, a);
    }
    return is_tall ? x.t() : x;
  }

  Json component_;
  std::string name_;
  double lr_ = 0;
  std::int64_t step_ = 0;
  float momenta_ = 1;
  std::map<std::string, at::Tensor> states_;
};

}  // namespace runner
