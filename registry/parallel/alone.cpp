#include "registry/parallel/alone.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

class Alone : public Strategy {
 public:
  using Strategy::Strategy;

  void begin_step(const Wishes& wishes) override {
    wishes_ = wishes;
    loss_sum_.reset();
  }

  void backward(const at::Tensor& loss_sum, double divisor, bool) override {
    loss_sum.backward(at::full_like(loss_sum, 1 / divisor));
    const auto sum = loss_sum.detach();
    loss_sum_ = loss_sum_.defined() ? loss_sum_ + sum : sum;
  }

  at::Tensor loss_sum() const override { return loss_sum_; }
  Wishes agreed() const override { return wishes_; }

 private:
  at::Tensor loss_sum_;
  Wishes wishes_;
};

}  // namespace

std::unique_ptr<Strategy> train_alone(Network& network) { return std::make_unique<Alone>(network); }

}  // namespace runner
