#include "registry/losses/smooth_l1.hpp"

#include "registry/losses/regression.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

struct SmoothL1Loss : RegressionLoss {
  explicit SmoothL1Loss(double value) : beta(value) {}

  at::Tensor sum_of_all(const at::Tensor& output, const at::Tensor& target) const override {
    return at::smooth_l1_loss(output, target, at::Reduction::Sum, beta);
  }

  double beta;
};

}  // namespace

std::unique_ptr<Loss> build(const SmoothL1& options, const DataShape&) {
  return std::make_unique<SmoothL1Loss>(options.beta);
}

}  // namespace runner
