#include "registry/losses/cross_entropy.hpp"

#include "registry/losses/loss.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

struct CrossEntropyLoss : Loss {
  explicit CrossEntropyLoss(double smoothing) : label_smoothing(smoothing) {}

  at::Tensor sum(const at::Tensor& output, const at::Tensor& target) const override {
    constexpr std::int64_t ignore_nothing = -100;
    return at::cross_entropy_loss(output, target, {}, at::Reduction::Sum, ignore_nothing,
                                  label_smoothing);
  }

  double label_smoothing;
};

}  // namespace

std::unique_ptr<Loss> build(const CrossEntropy& options) {
  return std::make_unique<CrossEntropyLoss>(options.label_smoothing);
}

}  // namespace runner
