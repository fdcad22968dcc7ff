#include "registry/models/bigram.hpp"

#include "registry/models/network.hpp"

#include <torch/nn/modules/embedding.h>

namespace runner {
namespace {

struct BigramNetwork : TensorNetwork {
  torch::nn::Embedding table;

  explicit BigramNetwork(const SampleType& type)
      : TensorNetwork(type), table(type.input()->count, type.outputs()) {
    register_module("table", table);
  }

  torch::Tensor forward(const torch::Tensor& tokens) override { return table(tokens); }
};

}  // namespace

std::shared_ptr<Network> build(const Bigram&, const SampleType& type) {
  return std::make_shared<BigramNetwork>(type);
}

}  // namespace runner
