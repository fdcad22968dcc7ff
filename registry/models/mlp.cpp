#include "registry/models/mlp.hpp"

#include "registry/data/array.hpp"
#include "registry/layers/dropout.hpp"
#include "registry/models/network.hpp"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>

namespace runner {
namespace {

namespace nn = torch::nn;

struct MlpNetwork : TensorNetwork {
  nn::Sequential layers;

  MlpNetwork(const Mlp& options, const SampleType& type) : TensorNetwork(type) {
    auto width = elements_of(type.input()->shape);
    for (const auto hidden : options.hidden) {
      layers->push_back(nn::Linear(width, hidden));
      layers->push_back(nn::ReLU());
      if (options.dropout > 0) layers->push_back(Dropout(options.dropout));
      width = hidden;
    }
    layers->push_back(nn::Linear(width, type.outputs()));
    register_module("layers", layers);
  }

  torch::Tensor forward(const torch::Tensor& batch) override {
    return layers->forward(batch.flatten(1));
  }
};

}  // namespace

std::shared_ptr<Network> build(const Mlp& options, const SampleType& type) {
  return std::make_shared<MlpNetwork>(options, type);
}

}  // namespace runner
