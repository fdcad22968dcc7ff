#include "registry/models/mnist_cnn.hpp"

#include "registry/layers/channels_last.hpp"
#include "registry/layers/dropout.hpp"
#include "registry/layers/relu_max_pool2d.hpp"
#include "registry/models/network.hpp"

#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

namespace runner {
namespace {

namespace nn = torch::nn;

struct MnistCnnNetwork : TensorNetwork {
  nn::Conv2d conv1, conv2;
  Dropout dropout1, dropout2;
  nn::Linear fc1, fc2;

  MnistCnnNetwork(const MnistCnn& options, const SampleType& type)
      : TensorNetwork(type),
        conv1(nn::Conv2dOptions(type.input()->shape[0], 32, 3)),
        conv2(nn::Conv2dOptions(32, 64, 3)),
        dropout1(options.dropout1),
        dropout2(options.dropout2),
        fc1(64 * ((type.input()->shape[1] - 4) / 2) * ((type.input()->shape[2] - 4) / 2), 128),
        fc2(128, type.outputs()) {
    register_module("conv1", conv1);
    register_module("conv2", conv2);
    register_module("dropout1", dropout1);
    register_module("dropout2", dropout2);
    register_module("fc1", fc1);
    register_module("fc2", fc2);
  }

  torch::Tensor forward(const torch::Tensor& batch) override {
    // In place: nothing needs a layer's output from before its relu.
    auto x = conv1(channels_last(batch)).relu_();
    x = dropout1(relu_max_pool2d(conv2(x)));
    x = fc1(x.flatten(1)).relu_();
    return torch::log_softmax(fc2(dropout2(x)), 1);
  }
};

}  // namespace

std::shared_ptr<Network> build(const MnistCnn& options, const SampleType& type) {
  return std::make_shared<MnistCnnNetwork>(options, type);
}

}  // namespace runner
