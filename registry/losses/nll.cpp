#include "registry/losses/nll.hpp"

#include "registry/losses/class_loss.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

struct NllLoss : ClassLoss {
  NllLoss(const Nll& options, const JudgedType& judged) : ClassLoss(options.factors, judged) {}

  at::Tensor sum_with(const at::Tensor& factors, const at::Tensor& output,
                      const at::Tensor& targets) const override {
    return at::nll_loss_nd(output, targets, factors, at::Reduction::Sum, ignored_);
  }
};

}  // namespace

std::unique_ptr<Loss> build(const Nll& options, const JudgedType& judged) {
  return std::make_unique<NllLoss>(options, judged);
}

}  // namespace runner
