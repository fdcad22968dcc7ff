#include "registry/losses/l1.hpp"

#include "registry/losses/regression.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

struct L1Loss : RegressionLoss {
  using RegressionLoss::RegressionLoss;

  at::Tensor sum_of_all(const at::Tensor& output, const at::Tensor& target) const override {
    return at::l1_loss(output, target, at::Reduction::Sum);
  }
};

}  // namespace

std::unique_ptr<Loss> build(const L1&, const JudgedType& judged) {
  return std::make_unique<L1Loss>(judged);
}

}  // namespace runner
