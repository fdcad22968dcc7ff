#include "registry/losses/cross_entropy.hpp"

#include "registry/losses/class_loss.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

struct CrossEntropyLoss : ClassLoss {
  CrossEntropyLoss(const CrossEntropy& options, const JudgedType& judged)
      : ClassLoss(options.factors, judged), label_smoothing(options.label_smoothing) {}

  at::Tensor sum_with(const at::Tensor& factors, const at::Tensor& output,
                      const at::Tensor& targets) const override {
    return at::cross_entropy_loss(output, targets, factors, at::Reduction::Sum, ignored_,
                                  label_smoothing);
  }

  double label_smoothing;
};

}  // namespace

std::unique_ptr<Loss> build(const CrossEntropy& options, const JudgedType& judged) {
  return std::make_unique<CrossEntropyLoss>(options, judged);
}

}  // namespace runner
