#pragma once

#include "registry/layers/random_layer.hpp"

#include <cstdint>

#include <torch/nn/cloneable.h>
#include <torch/nn/pimpl.h>

namespace runner {

/// Dropout (Srivastava et al., 2014) whose mask belongs to the samples: element e of sample s is
/// kept with probability 1 - p, and scaled by 1 / (1 - p), by a hash of (layer_key, first + s, e).
/// Dimension 0 is the sample; e counts in the order of a contiguous sample, whatever the memory
/// format. Nothing is kept for backward: it draws the mask again.
at::Tensor sample_dropout(const at::Tensor& input, double p, std::uint64_t layer_key,
                          std::int64_t first);

/// Draws by its path from the thread's SampleScope; outside any it is torch's dropout.
class DropoutImpl : public torch::nn::Cloneable<DropoutImpl>, public RandomLayer {
 public:
  /// Throws c10::Error unless p is in [0, 1].
  explicit DropoutImpl(double p = 0.5);

  at::Tensor forward(const at::Tensor& input);
  void reset() override {}
  bool draws() const override { return p_ > 0; }
  void pretty_print(std::ostream& stream) const override;

 private:
  double p_;
};

TORCH_MODULE(Dropout);

}  // namespace runner
