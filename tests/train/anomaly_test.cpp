#include "runner/train/anomaly.hpp"

#include "tests/reference/reference.hpp"

#include <torch/nn/modules/linear.h>

using namespace runner;

namespace {

struct TwoLayers : TensorNetwork {
  torch::nn::Linear first{3, 3}, second{3, 1};

  TwoLayers() : TensorNetwork(reference::images({3}, 1)) {
    register_module("first", first);
    register_module("second", second);
    const at::NoGradGuard no_grad;
    for (auto& parameter : parameters()) parameter.fill_(1);
  }
  torch::Tensor forward(const torch::Tensor& batch) override { return second(first(batch)); }
};

}  // namespace

TEST_CASE("a NaN of the forward pass is named with its operation and the layer before it") {
  TwoLayers network;
  const AnomalyDetector anomalies(network);
  CHECK_FALSE(anomalies.first_nan());
  const auto output = network.forward(at::full({2, 3}, -1.0f));
  CHECK_FALSE(anomalies.first_nan());
  output.log().sum();
  CHECK(anomalies.first_nan() ==
        "the first NaN is from aten::log, in the forward pass after second");
}

TEST_CASE("a NaN that only the backward pass makes is named as such") {
  TwoLayers network;
  const AnomalyDetector anomalies(network);
  // The slope of a root is infinite at zero, and times zero a NaN.
  auto zero = at::zeros({2, 3}).requires_grad_();
  (network.forward(zero.sqrt().mul(0)).sum()).backward();
  CHECK(anomalies.first_nan());
  CHECK(anomalies.first_nan()->find("in the backward pass") != std::string::npos);
}

TEST_CASE("an infinity alone is no anomaly, but it is remembered") {
  TwoLayers network;
  const AnomalyDetector anomalies(network);
  const auto masked =
      network.forward(at::ones({2, 3})).masked_fill(at::ones({2, 1}, at::kBool), -INFINITY);
  CHECK_FALSE(anomalies.first_nan());
  CHECK(anomalies.first_infinity()->find("the first infinity is from aten::masked_fill") == 0);
}

TEST_CASE("memory that was never written to is not looked at") {
  TwoLayers network;
  // Leaves its NaNs in the memory that the next ones get.
  for (int i = 0; i < 20; ++i) at::full({1000}, NAN);
  const AnomalyDetector anomalies(network);
  for (int i = 0; i < 20; ++i) at::empty({1000}).view({10, 100}).t();
  CHECK_FALSE(anomalies.first_nan());
}

TEST_CASE("weights that are not finite are named") {
  TwoLayers network;
  AnomalyDetector anomalies(network);
  network.second->weight.data()[0][1] = NAN;
  anomalies.look_at_weights();
  CHECK(anomalies.first_nan()->starts_with("the first NaN is from"));
}
