#include "registry/models/resnet.hpp"

#include "registry/layers/batch_norm.hpp"
#include "registry/models/network.hpp"

#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

namespace runner {
namespace {

namespace nn = torch::nn;

nn::Conv2d convolution(std::int64_t in, std::int64_t out, std::int64_t stride) {
  nn::Conv2d layer(nn::Conv2dOptions(in, out, 3).stride(stride).padding(1).bias(false));
  nn::init::kaiming_normal_(layer->weight, 0, torch::kFanOut, torch::kReLU);
  return layer;
}

struct BlockImpl : nn::Module {
  nn::Conv2d conv1, conv2;
  BatchNorm bn1, bn2;
  std::int64_t stride, new_channels;

  BlockImpl(std::int64_t in, std::int64_t out)
      : conv1(convolution(in, out, in == out ? 1 : 2)),
        conv2(convolution(out, out, 1)),
        bn1(out),
        bn2(out),
        stride(in == out ? 1 : 2),
        new_channels(out - in) {
    register_module("conv1", conv1);
    register_module("bn1", bn1);
    register_module("conv2", conv2);
    register_module("bn2", bn2);
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const auto y = bn2(conv2(bn1(conv1(x)).relu_()));
    return y.add_(shortcut(x)).relu_();
  }

  /// Option A: every second pixel, and zeros for the channels that are new.
  torch::Tensor shortcut(const torch::Tensor& x) const {
    if (new_channels == 0) return x;
    const auto pixels = x.slice(2, 0, std::nullopt, stride).slice(3, 0, std::nullopt, stride);
    return torch::constant_pad_nd(pixels, {0, 0, 0, 0, 0, new_channels});
  }
};
TORCH_MODULE(Block);

nn::Sequential stage(std::int64_t in, std::int64_t out, std::int64_t blocks) {
  nn::Sequential layers{Block(in, out)};
  while (static_cast<std::int64_t>(layers->size()) < blocks) layers->push_back(Block(out, out));
  return layers;
}

struct ResnetNetwork : TensorNetwork {
  nn::Conv2d conv1;
  BatchNorm bn1;
  nn::Sequential layer1, layer2, layer3;
  nn::Linear fc;

  ResnetNetwork(std::int64_t blocks, std::int64_t width, const SampleType& type)
      : TensorNetwork(type),
        conv1(convolution(type.input()->shape[0], width, 1)),
        bn1(width),
        layer1(stage(width, width, blocks)),
        layer2(stage(width, 2 * width, blocks)),
        layer3(stage(2 * width, 4 * width, blocks)),
        fc(4 * width, type.outputs()) {
    register_module("conv1", conv1);
    register_module("bn1", bn1);
    register_module("layer1", layer1);
    register_module("layer2", layer2);
    register_module("layer3", layer3);
    register_module("fc", fc);
  }

  torch::Tensor forward(const torch::Tensor& batch) override {
    auto x = bn1(conv1(batch)).relu_();
    x = layer3->forward(layer2->forward(layer1->forward(x)));
    return fc(x.mean({2, 3}));
  }
};

}  // namespace

std::shared_ptr<Network> build(const Resnet& options, const SampleType& type) {
  return std::make_shared<ResnetNetwork>((options.depth - 2) / 6, options.width, type);
}

}  // namespace runner
