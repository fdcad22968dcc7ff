#include "registry/optimizers/muon.hpp"

#include "registry/optimizers/optimizer.hpp"

#include <cmath>
#include <stdexcept>

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

class MuonOptimizer : public Optimizer {
 public:
  MuonOptimizer(const Muon& options, std::vector<Parameter> parameters)
      : Optimizer(std::move(parameters), options.lr), options_(options) {
    for (const auto& parameter : this->parameters())
      if (parameter.tensor.dim() != 2)
        throw std::invalid_argument(fmt::format(
            "optimizer 'muon' updates matrices, but {} is [{}]: give it another optimizer with "
            "optimizer.groups, e.g. [{{match: '{}', name: adamw}}]",
            parameter.name, fmt::join(parameter.tensor.sizes(), ", "), parameter.name));
  }

 private:
  void update(const std::vector<std::size_t>& numbers, double lr) override {
    for (const auto i : numbers) {
      auto weights = parameters()[i].tensor;
      const auto& gradient = weights.grad();
      momentum_[i].lerp_(gradient, 1 - options_.momentum);
      const auto along =
          options_.nesterov ? gradient.lerp(momentum_[i], options_.momentum) : momentum_[i];
      weights.mul_(1 - lr * options_.weight_decay);
      weights.add_(orthogonal(along), -lr * factor(weights));
    }
  }

  /// About U V' of the matrix U S V', by Newton-Schulz iterations in bfloat16.
  at::Tensor orthogonal(const at::Tensor& matrix) const {
    const bool is_tall = matrix.size(0) > matrix.size(1);
    auto x = matrix.to(at::kBFloat16);
    if (is_tall) x = x.t();
    x = x / x.norm().clamp_min(options_.eps);
    const auto& [a, b, c] = std::tie(options_.ns_coefficients[0], options_.ns_coefficients[1],
                                     options_.ns_coefficients[2]);
    for (std::int64_t i = 0; i < options_.ns_steps; ++i) {
      const auto gram = at::mm(x, x.t());
      x = at::addmm(x, at::addmm(gram, gram, gram, b, c), x, a, 1);
    }
    return is_tall ? x.t() : x;
  }

  double factor(const at::Tensor& matrix) const {
    const auto rows = static_cast<double>(matrix.size(0));
    const auto columns = static_cast<double>(matrix.size(1));
    return options_.adjust_lr_fn == "original" ? std::sqrt(std::max(1.0, rows / columns))
                                               : 0.2 * std::sqrt(std::max(rows, columns));
  }

  Muon options_;
  Column& momentum_ = add_column("momentum_buffer");
};

}  // namespace

std::unique_ptr<Optimizer> build(const Muon& options, std::vector<Parameter> parameters) {
  return std::make_unique<MuonOptimizer>(options, std::move(parameters));
}

}  // namespace runner
