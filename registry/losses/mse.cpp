#include "registry/losses/mse.hpp"

#include "registry/losses/regression.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

struct MseLoss : RegressionLoss {
  using RegressionLoss::RegressionLoss;

  at::Tensor sum_of_all(const at::Tensor& output, const at::Tensor& target) const override {
    return at::mse_loss(output, target, at::Reduction::Sum);
  }
};

}  // namespace

std::unique_ptr<Loss> build(const Mse&, const JudgedType& judged) {
  return std::make_unique<MseLoss>(judged);
}

}  // namespace runner
