#pragma once

#include "registry/batch/batch.hpp"
#include "registry/data/sample_type.hpp"

#include <string>

#include <torch/nn/module.h>

namespace runner {

/// What every registered model builds: a module from a batch to one row of numbers for each of its
/// samples. Submodules are named as PyTorch's state_dict would name them.
struct Network : torch::nn::Module {
  virtual Output forward(const Batch& batch) = 0;
};

/// A network of one field of a batch: the input.
class TensorNetwork : public Network {
 public:
  explicit TensorNetwork(const SampleType& type) : input_(type.input()->name) {}

  Output forward(const Batch& batch) final { return {forward(batch.at(input_))}; }
  /// `input` [N, ...] -> [N, outputs].
  virtual torch::Tensor forward(const torch::Tensor& input) = 0;

 private:
  std::string input_;
};

}  // namespace runner
