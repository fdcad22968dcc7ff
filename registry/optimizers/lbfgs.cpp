#include "registry/optimizers/lbfgs.hpp"

#include "registry/optimizers/inner_product.hpp"
#include "registry/optimizers/optimizer.hpp"
#include "registry/optimizers/strong_wolfe.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

#include <ATen/ATen.h>
#include <fmt/format.h>

namespace runner {
namespace {

double largest(const at::Tensor& vector) { return vector.abs().max().item<double>(); }

/// How the gradient changed when the weights moved.
struct Change {
  at::Tensor gradient, weights;
  double inverse = 0;  ///< 1 / (gradient . weights)
};

// As torch/optim/lbfgs.py, whose names the checkpoint has. Its numbers that are no vectors are
// float tensors where the weights are; here they are doubles.
class LbfgsOptimizer : public Optimizer {
 public:
  LbfgsOptimizer(const Lbfgs& options, std::vector<Parameter> parameters)
      : Optimizer(std::move(parameters), options.lr),
        options_(options),
        most_evaluations_(options.max_eval.value_or(options.max_iter * 5 / 4)) {}

  void step(double lr, const Closure& evaluate) override {
    const at::NoGradGuard no_grad;
    evaluations_ = 0;
    auto here = look(evaluate);
    if (is_flat(here)) return;
    for (std::int64_t i = 1; i <= options_.max_iter; ++i) {
      const auto before = here.loss;
      choose_direction(here.gradient);
      distance_ = iterations_ == 1
                      ? std::min(1.0, 1 / inner_product(here.gradient, here.gradient.sign())) * lr
                      : lr;
      here.slope = inner_product(here.gradient, direction_);
      if (here.slope > -options_.tolerance_change) return;
      here = options_.line_search_fn ? search(here, evaluate)
                                     : walk(std::move(here), evaluate, i < options_.max_iter);
      if (evaluations_ >= most_evaluations_ || is_flat(here) ||
          largest(direction_) * distance_ <= options_.tolerance_change ||
          std::abs(here.loss - before) < options_.tolerance_change)
        return;
    }
  }

  void visit_state(StateVisitor& visitor) override {
    const auto vector = [&](const std::string& name, at::Tensor& tensor) {
      visitor.tensor("lbfgs." + name, tensor);
      if (tensor.defined()) tensor = tensor.to(parameters().front().tensor.device());
    };
    auto count = changes_.size();
    visitor.value("lbfgs.n_iter", iterations_);
    visitor.value("lbfgs.t", distance_);
    visitor.value("lbfgs.H_diag", scale_);
    visitor.value("lbfgs.changes", count);
    changes_.resize(count);
    vector("d", direction_);
    vector("prev_flat_grad", gradient_before_);
    for (std::size_t i = 0; i < count; ++i) {
      vector(fmt::format("old_dirs.{}", i), changes_[i].gradient);
      vector(fmt::format("old_stps.{}", i), changes_[i].weights);
      visitor.value(fmt::format("lbfgs.ro.{}", i), changes_[i].inverse);
    }
  }

 private:
  void update(const std::vector<std::size_t>&, double) override {}

  /// Loss and gradient at the present weights.
  LinePoint look(const Closure& evaluate) {
    ++evaluations_;
    LinePoint here;
    {
      const at::AutoGradMode with_gradients(true);
      here.loss = evaluate();
    }
    std::vector<at::Tensor> parts;
    for (const auto& [name, tensor] : parameters())
      parts.push_back(tensor.grad().defined() ? tensor.grad().reshape(-1)
                                              : at::zeros({tensor.numel()}, tensor.options()));
    here.gradient = at::cat(parts);
    return here;
  }

  bool is_flat(const LinePoint& point) const {
    return largest(point.gradient) <= options_.tolerance_grad;
  }

  /// Minus the gradient, times what is known of the inverse of the Hessian.
  void choose_direction(const at::Tensor& gradient) {
    if (++iterations_ > 1) remember(gradient - gradient_before_, direction_ * distance_);
    gradient_before_ = gradient;
    direction_ = gradient.neg();
    std::vector<double> shares(changes_.size());
    for (auto i = changes_.size(); i-- > 0;) {
      shares[i] = inner_product(changes_[i].weights, direction_) * changes_[i].inverse;
      direction_.add_(changes_[i].gradient, -shares[i]);
    }
    direction_.mul_(scale_);
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      const auto share = inner_product(changes_[i].gradient, direction_) * changes_[i].inverse;
      direction_.add_(changes_[i].weights, shares[i] - share);
    }
  }

  void remember(at::Tensor gradient, at::Tensor weights) {
    const auto curvature = inner_product(gradient, weights);
    if (!(curvature > 1e-10)) return;
    if (changes_.size() == static_cast<std::size_t>(options_.history_size)) changes_.pop_front();
    scale_ = curvature / inner_product(gradient, gradient);
    changes_.push_back(Change{std::move(gradient), std::move(weights), 1 / curvature});
  }

  /// The last step of all is not looked at: the next batch is another.
  LinePoint walk(LinePoint here, const Closure& evaluate, bool looks) {
    move(distance_);
    return looks ? look(evaluate) : here;
  }

  LinePoint search(const LinePoint& start, const Closure& evaluate) {
    std::vector<at::Tensor> weights;
    for (const auto& parameter : parameters()) weights.push_back(parameter.tensor.clone());
    const auto along = [&](double distance) {
      move(distance);
      auto point = look(evaluate);
      point.distance = distance;
      point.slope = inner_product(point.gradient, direction_);
      for (std::size_t i = 0; i < weights.size(); ++i) parameters()[i].tensor.copy_(weights[i]);
      return point;
    };
    auto found = strong_wolfe(along, start, distance_, largest(direction_),
                              most_evaluations_ - evaluations_);
    distance_ = found.distance;
    move(distance_);
    found.distance = 0;
    return found;
  }

  void move(double distance) {
    std::int64_t begin = 0;
    for (const auto& [name, tensor] : parameters()) {
      tensor.add_(direction_.narrow(0, begin, tensor.numel()).view_as(tensor), distance);
      begin += tensor.numel();
    }
  }

  Lbfgs options_;
  std::int64_t most_evaluations_;
  std::int64_t evaluations_ = 0;  ///< in this step
  std::int64_t iterations_ = 0;   ///< in all steps
  at::Tensor direction_;
  double distance_ = 0;  ///< along it
  at::Tensor gradient_before_;
  std::deque<Change> changes_;  ///< the oldest first
  double scale_ = 1;            ///< of the first guess at the inverse Hessian
};

}  // namespace

std::unique_ptr<Optimizer> build(const Lbfgs& options, std::vector<Parameter> parameters) {
  return std::make_unique<LbfgsOptimizer>(options, std::move(parameters));
}

}  // namespace runner
