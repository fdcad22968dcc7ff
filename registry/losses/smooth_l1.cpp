#include "registry/losses/smooth_l1.hpp"

#include "registry/losses/regression.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

struct SmoothL1Loss : RegressionLoss {
  SmoothL1Loss(const SmoothL1& options, const JudgedType& judged)
      : RegressionLoss(judged), beta(options.beta) {}

  at::Tensor sum_of_all(const at::Tensor& output, const at::Tensor& target) const override {
    return at::smooth_l1_loss(output, target, at::Reduction::Sum, beta);
  }

  double beta;
};

}  // namespace

std::unique_ptr<Loss> build(const SmoothL1& options, const JudgedType& judged) {
  return std::make_unique<SmoothL1Loss>(options, judged);
}

}  // namespace runner
