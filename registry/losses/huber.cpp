#include "registry/losses/huber.hpp"

#include "registry/losses/regression.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

struct HuberLoss : RegressionLoss {
  HuberLoss(const Huber& options, const JudgedType& judged)
      : RegressionLoss(judged), delta(options.delta) {}

  at::Tensor sum_of_all(const at::Tensor& output, const at::Tensor& target) const override {
    return at::huber_loss(output, target, at::Reduction::Sum, delta);
  }

  double delta;
};

}  // namespace

std::unique_ptr<Loss> build(const Huber& options, const JudgedType& judged) {
  return std::make_unique<HuberLoss>(options, judged);
}

}  // namespace runner
