#include "registry/models/cnn.hpp"

#include "registry/layers/channels_last.hpp"
#include "registry/layers/dropout.hpp"
#include "registry/layers/relu_max_pool2d.hpp"
#include "registry/models/network.hpp"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

namespace runner {
namespace {

namespace nn = torch::nn;

struct CnnNetwork : TensorNetwork {
  nn::ModuleList convs;
  nn::Sequential layers;

  CnnNetwork(const Cnn& options, const SampleType& type) : TensorNetwork(type) {
    const auto& shape = type.input()->shape;
    auto channels = shape[0];
    for (const auto out : options.channels) {
      convs->push_back(nn::Conv2d(
          nn::Conv2dOptions(channels, out, options.kernel_size).padding(options.padding)));
      channels = out;
    }
    add_layers(options, channels * options.side_after(shape[1]) * options.side_after(shape[2]),
               type.outputs());
    register_module("convs", convs);
    register_module("layers", layers);
  }

  void add_layers(const Cnn& options, std::int64_t width, std::int64_t outputs) {
    const auto add = [&](std::int64_t out) {
      if (options.dropout > 0) layers->push_back(Dropout(options.dropout));
      layers->push_back(nn::Linear(width, out));
      width = out;
    };
    for (const auto hidden : options.hidden) {
      add(hidden);
      layers->push_back(nn::ReLU(nn::ReLUOptions().inplace(true)));
    }
    add(outputs);
  }

  torch::Tensor forward(const torch::Tensor& batch) override {
    auto x = channels_last(batch);
    for (const auto& conv : *convs) x = relu_max_pool2d(conv->as<nn::Conv2d>()->forward(x));
    return layers->forward(x.flatten(1));
  }
};

}  // namespace

std::shared_ptr<Network> build(const Cnn& options, const SampleType& type) {
  return std::make_shared<CnnNetwork>(options, type);
}

}  // namespace runner
