#include "registry/losses/nll.hpp"

#include "registry/losses/class_weights.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

struct NllLoss : ClassWeightedLoss {
  NllLoss(const Nll& options, const DataShape& shape)
      : ClassWeightedLoss("nll", options.factors.weight, shape.classes) {}

  at::Tensor sum_with(const at::Tensor& factors, const at::Tensor& output,
                      const at::Tensor& target) const override {
    return at::nll_loss(output, target, factors, at::Reduction::Sum);
  }
};

}  // namespace

std::unique_ptr<Loss> build(const Nll& options, const DataShape& shape) {
  return std::make_unique<NllLoss>(options, shape);
}

}  // namespace runner
