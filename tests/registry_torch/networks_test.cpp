#include "tests/reference/reference.hpp"

#include <torch/utils.h>

using namespace runner;
using reference::digest_distance;
using reference::distance;
using reference::scatter;

namespace {

const std::array formats{reference::Format{"float64", at::kDouble, 1e-12},
                         reference::Format{"float32", at::kFloat, 1e-5}};

const DataShape digits{{1, 28, 28}, 10};

/// The network of a reference case as PyTorch would initialise it after torch.manual_seed(1).
std::shared_ptr<Network> seeded(const Json& reference_case) {
  torch::manual_seed(1);
  return build_model(reference_case.at("model"), digits);
}

/// With formula weights, ready to evaluate.
std::shared_ptr<Network> prepared(const Json& reference_case, at::ScalarType type) {
  auto network = seeded(reference_case);
  network->to(at::kDouble);
  reference::set_weights(*network);
  network->to(type);
  network->eval();
  return network;
}

at::Tensor input(const Json& reference_case, at::ScalarType type) {
  return scatter({4, 1, 28, 28}, reference_case.at("stream").get<std::int64_t>(), type);
}

Json shapes(const Network& network) {
  Json out;
  for (const auto& parameter : network.named_parameters())
    out[parameter.key()] = parameter.value().sizes().vec();
  return out;
}

void check_forward_and_backward(const Json& reference_case, const reference::Format& format) {
  const auto network = prepared(reference_case, format.type);
  const auto loss = build_loss({{"name", reference_case.at("loss")}});
  const auto& expected = reference_case.at(format.name);
  const auto output = network->forward(input(reference_case, format.type));
  const auto value = loss->sum(output, at::arange(4, at::kLong) * 3);
  value.backward();
  CHECK(distance(output, expected.at("output")) < format.tolerance);
  CHECK(distance(value, expected.at("loss")) < format.tolerance);
  for (const auto& parameter : network->named_parameters()) {
    CAPTURE(parameter.key());
    CHECK(digest_distance(parameter.value().grad(), expected.at("gradients").at(parameter.key())) <
          format.tolerance);
  }
}

}  // namespace

TEST_CASE("networks name and shape their parameters as PyTorch's state_dict does") {
  for (const auto& each : reference::load("networks")) {
    const auto network = seeded(each);
    CHECK(shapes(*network).dump() == each.at("shapes").dump());
    CHECK(network->named_buffers().is_empty());
  }
}

TEST_CASE("mnist_cnn has 1,199,882 parameters") {
  std::int64_t count = 0;
  for (const auto& parameter : build_model({{"name", "mnist_cnn"}}, digits)->parameters())
    count += parameter.numel();
  CHECK(count == 1'199'882);
}

TEST_CASE("networks give the outputs and gradients that PyTorch's give") {
  for (const auto& each : reference::load("networks"))
    for (const auto& format : formats) {
      CAPTURE(each.at("model").dump());
      CAPTURE(format.name);
      check_forward_and_backward(each, format);
    }
}

TEST_CASE("a seed draws the weights that torch.manual_seed draws in Python") {
  // Bit by bit on the machine of the reference; a processor without FMA rounds the last bit apart.
  for (const auto& each : reference::load("networks"))
    for (const auto& parameter : seeded(each)->named_parameters()) {
      CAPTURE(parameter.key());
      CHECK(digest_distance(parameter.value(), each.at("initial").at(parameter.key())) < 1e-6);
    }
}

TEST_CASE("weights start uniform within one over the root of their fan-in") {
  for (const auto& each : reference::load("networks")) {
    double fan_in = 0;
    for (const auto& parameter : seeded(each)->named_parameters()) {
      CAPTURE(parameter.key());
      const auto weights = parameter.value().detach().to(at::kDouble);
      if (weights.dim() > 1)
        fan_in = static_cast<double>(weights.numel()) / static_cast<double>(weights.size(0));
      const double bound = 1 / std::sqrt(fan_in);
      const double deviations = std::sqrt(static_cast<double>(weights.numel()));
      CHECK(weights.abs().max().item<double>() <= bound);
      CHECK(std::abs(weights.mean().item<double>()) < 4 * bound / std::sqrt(3) / deviations);
      CHECK(std::abs(weights.square().mean().item<double>() * 3 / (bound * bound) - 1) <
            4 * std::sqrt(0.8) / deviations);
    }
  }
}

TEST_CASE("dropout acts in training and not in evaluation") {
  const auto batch = scatter({4, 1, 28, 28}, 100, at::kFloat);
  for (const Json& model : {Json{{"name", "mnist_cnn"}}, Json{{"name", "mlp"}, {"dropout", 0.5}}}) {
    const auto network = build_model(model, digits);
    CHECK_FALSE(network->forward(batch).equal(network->forward(batch)));
    network->eval();
    CHECK(network->forward(batch).equal(network->forward(batch)));
  }
}

TEST_CASE("mnist_cnn refuses samples that are no images") {
  CHECK_THROWS_WITH_AS(build_model({{"name", "mnist_cnn"}}, {{784}, 10}),
                       "model 'mnist_cnn' needs images [channels, height, width] of at least 6 x 6",
                       std::invalid_argument);
  CHECK_THROWS_AS(build_model({{"name", "mnist_cnn"}}, {{1, 28, 5}, 10}), std::invalid_argument);
  CHECK_NOTHROW(build_model({{"name", "mnist_cnn"}}, {{3, 6, 6}, 2}));
}
