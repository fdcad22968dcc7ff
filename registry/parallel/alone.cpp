#include "registry/parallel/alone.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

class Alone : public Strategy {
 public:
  explicit Alone(Network& network) : parameters_(network.parameters()) {}

  std::vector<at::Tensor> own_parameters() const override { return parameters_; }

  void begin_step(bool stop) override {
    stop_ = stop;
    loss_sum_.reset();
  }

  void backward(const at::Tensor& loss_sum, std::int64_t batch_size, bool) override {
    (loss_sum / batch_size).backward();
    const auto sum = loss_sum.detach();
    loss_sum_ = loss_sum_.defined() ? loss_sum_ + sum : sum;
  }

  at::Tensor loss_sum() const override { return loss_sum_; }
  bool stop_agreed() const override { return stop_; }

 private:
  std::vector<at::Tensor> parameters_;
  at::Tensor loss_sum_;
  bool stop_ = false;
};

}  // namespace

std::unique_ptr<Strategy> train_alone(Network& network) { return std::make_unique<Alone>(network); }

}  // namespace runner
