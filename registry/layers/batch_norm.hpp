#pragma once

#include <torch/nn/modules/batchnorm.h>

namespace runner {

struct ChannelMoments;

/// torch::nn::BatchNorm1d, 2d and 3d in one, with their options, names and numbers: normalises
/// dimension 1 of [N, C, ...]. Inside a StatisticsScope, training takes the mean and the variance
/// over the batches of all ranks, of which some may be empty.
class BatchNormImpl
    : public torch::nn::NormImplBase<0, BatchNormImpl, torch::nn::BatchNormOptions> {
 public:
  using NormImplBase::NormImplBase;
  explicit BatchNormImpl(std::int64_t features)
      : NormImplBase(torch::nn::BatchNormOptions(features)) {}

  /// Throws c10::Error when it is to train on a single value per channel.
  at::Tensor forward(const at::Tensor& input);
  void pretty_print(std::ostream& stream) const override;

  // The count of batches stays an integer, as in PyTorch's files.
  using Module::to;
  void to(torch::Device device, torch::Dtype type, bool non_blocking = false) override;
  void to(torch::Dtype type, bool non_blocking = false) override;

 private:
  void _check_input_dim(const at::Tensor& input) override;
  double next_momentum();
  void update_running_statistics(const ChannelMoments& moments, double momentum);
};

TORCH_MODULE(BatchNorm);

}  // namespace runner
