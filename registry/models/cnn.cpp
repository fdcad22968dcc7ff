#include "registry/models/cnn.hpp"

#include "registry/layers/channels_last.hpp"
#include "registry/layers/dropout.hpp"
#include "registry/layers/relu_max_pool2d.hpp"
#include "registry/models/network.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

namespace runner {
namespace {

namespace nn = torch::nn;

/// Of a side of the images after all blocks.
std::int64_t side_after(const Cnn& options, std::int64_t side) {
  for (std::size_t i = 0; i < options.channels.size(); ++i)
    side = (side + 2 * options.padding - options.kernel_size + 1) / 2;
  return side;
}

struct CnnNetwork : Network {
  nn::ModuleList convs;
  nn::Sequential layers;

  CnnNetwork(const Cnn& options, const DataShape& shape) {
    auto channels = shape.input[0];
    for (const auto out : options.channels) {
      convs->push_back(nn::Conv2d(
          nn::Conv2dOptions(channels, out, options.kernel_size).padding(options.padding)));
      channels = out;
    }
    add_layers(options,
               channels * side_after(options, shape.input[1]) * side_after(options, shape.input[2]),
               shape.outputs());
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

std::shared_ptr<Network> build(const Cnn& options, const DataShape& shape) {
  if (shape.input.size() != 3)
    throw std::invalid_argument("model 'cnn' needs images [channels, height, width]");
  const auto height = shape.input[1], width = shape.input[2];
  if (side_after(options, std::min(height, width)) < 1)
    throw std::invalid_argument(fmt::format(
        "model 'cnn': nothing is left of images of {} x {} after {} convolutions of {} "
        "x {} with pooling; fewer channels, a smaller kernel_size or padding keep some",
        height, width, options.channels.size(), options.kernel_size, options.kernel_size));
  return std::make_shared<CnnNetwork>(options, shape);
}

}  // namespace runner
