#include "registry/losses/cross_entropy.hpp"

#include "registry/losses/class_weights.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

struct CrossEntropyLoss : ClassWeightedLoss {
  CrossEntropyLoss(const CrossEntropy& options, const DataShape& shape)
      : ClassWeightedLoss("cross_entropy", options.factors.weight, shape.classes),
        label_smoothing(options.label_smoothing) {}

  at::Tensor sum_with(const at::Tensor& factors, const at::Tensor& output,
                      const at::Tensor& target) const override {
    constexpr std::int64_t ignore_nothing = -100;
    return at::cross_entropy_loss(output, target, factors, at::Reduction::Sum, ignore_nothing,
                                  label_smoothing);
  }

  double label_smoothing;
};

}  // namespace

std::unique_ptr<Loss> build(const CrossEntropy& options, const DataShape& shape) {
  return std::make_unique<CrossEntropyLoss>(options, shape);
}

}  // namespace runner
