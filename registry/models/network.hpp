#pragma once

#include <torch/nn/module.h>

namespace runner {

/// What every registered model builds: a module from a batch [N, input...] to one row per sample
/// [N, outputs]. Submodules are named as PyTorch's state_dict would name them.
struct Network : torch::nn::Module {
  virtual torch::Tensor forward(const torch::Tensor& batch) = 0;
};

}  // namespace runner
