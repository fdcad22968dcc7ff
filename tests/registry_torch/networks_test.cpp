#include "registry/kinds.hpp"
#include "tests/reference/reference.hpp"

#include <torch/utils.h>

using namespace runner;
using reference::digest_distance;
using reference::distance;
using reference::output_of;
using reference::scatter;

namespace {

const std::array formats{reference::Format{"float64", at::kDouble, 1e-12},
                         reference::Format{"float32", at::kFloat, 1e-5}};

const auto digits = reference::images({1, 28, 28}, 10);

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
  const auto loss = build_loss({{"name", reference_case.at("loss")}}, reference::of_classes(10));
  const auto& expected = reference_case.at(format.name);
  const auto output = reference::output_of(*network, input(reference_case, format.type));
  const auto value = reference::sum_of(*loss, output, at::arange(4, at::kLong) * 3);
  value.backward();
  CHECK(distance(output, expected.at("output")) < format.tolerance);
  CHECK(distance(value, expected.at("loss")) < format.tolerance);
  for (const auto& parameter : network->named_parameters()) {
    CAPTURE(parameter.key());
    CHECK(digest_distance(parameter.value().grad(), expected.at("gradients").at(parameter.key())) <
          format.tolerance);
  }
}

std::int64_t count_parameters(const Json& model, const SampleType& shape) {
  std::int64_t count = 0;
  for (const auto& parameter : build_model(model, shape)->parameters()) count += parameter.numel();
  return count;
}

const auto cifar = reference::images({3, 32, 32}, 10);

std::string misfit(const Json& model, const SampleType& samples) {
  return find_kind("model")->find(model.at("name").get<std::string>())->misfit(model, samples);
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
  CHECK(count_parameters({{"name", "mnist_cnn"}}, digits) == 1'199'882);
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
    CHECK_FALSE(output_of(*network, batch).equal(output_of(*network, batch)));
    network->eval();
    CHECK(output_of(*network, batch).equal(output_of(*network, batch)));
  }
}

TEST_CASE("models refuse samples that they cannot have, and say which there are") {
  const auto vectors = reference::images({784}, 10);
  const std::string but = "needs images [channels, height, width], but the data are images [784]";
  for (const auto* name : {"mnist_cnn", "cnn", "resnet"})
    CHECK(misfit({{"name", name}}, vectors) == but);
  CHECK(misfit({{"name", "mlp"}}, vectors) == "");
  CHECK(misfit({{"name", "mnist_cnn"}}, reference::images({1, 28, 5}, 10)) ==
        "needs images of at least 6 x 6");
  CHECK(misfit({{"name", "mnist_cnn"}}, reference::images({3, 6, 6}, 2)) == "");
  CHECK(misfit({{"name", "bigram"}}, digits) ==
        "needs tokens, but the data are images [1, 28, 28]");
  SampleType text{{{"tokens", Meaning::tokens, DType::uint8, {32}, 256}}, {}};
  CHECK(misfit({{"name", "bigram"}}, text) == "");
  CHECK(misfit({{"name", "mlp"}}, text) ==
        "needs images or features, but the data are 32 tokens of 256");
}

TEST_CASE("cnn has a convolution for each of its channels, and learns") {
  torch::manual_seed(1);
  const auto network =
      build_model({{"name", "cnn"}, {"channels", {4, 8}}, {"hidden", {16}}}, digits);
  CHECK(shapes(*network) == Json{{"convs.0.weight", {4, 1, 3, 3}},
                                 {"convs.0.bias", {4}},
                                 {"convs.1.weight", {8, 4, 3, 3}},
                                 {"convs.1.bias", {8}},
                                 {"layers.0.weight", {16, 200}},
                                 {"layers.0.bias", {16}},
                                 {"layers.2.weight", {10, 16}},
                                 {"layers.2.bias", {10}}});
  const auto images = at::randn({8, 1, 28, 28});
  const auto before = output_of(*network, images);
  CHECK(before.sizes() == (std::vector<std::int64_t>{8, 10}));
  at::cross_entropy_loss(before, at::arange(8)).backward();
  for (const auto& parameter : network->parameters())
    CHECK(parameter.grad().abs().sum().item<double>() > 0);
}

TEST_CASE("cnn gives what torch's layers give") {
  torch::manual_seed(1);
  const Json options{{"name", "cnn"},
                     {"channels", {4}},
                     {"kernel_size", 5},
                     {"padding", 2},
                     {"hidden", Json::array()}};
  const auto network = build_model(options, digits);
  auto weights = network->named_parameters();
  const auto images = at::randn({3, 1, 28, 28});
  auto x = at::conv2d(images, weights["convs.0.weight"], weights["convs.0.bias"], 1, 2);
  x = at::max_pool2d(x.relu(), 2).flatten(1);
  x = at::linear(x, weights["layers.0.weight"], weights["layers.0.bias"]);
  CHECK(distance(output_of(*network, images), x) < 1e-5);
}

TEST_CASE("cnn refuses images that its blocks use up") {
  CHECK(misfit({{"name", "cnn"}, {"channels", {4, 4, 4, 4}}}, digits) ==
        "leaves nothing of images of 28 x 28 after 4 convolutions of 3 x 3 with pooling; fewer "
        "channels, a smaller kernel_size or padding keep some");
}

TEST_CASE("resnet has as many parameters as the layers of the paper") {
  const auto norm = [](int width) { return 2 * width; };
  const auto block = [&](int in, int out) { return 9 * (in + out) * out + 2 * norm(out); };
  const auto stages = [&](int n) {
    return block(16, 16) * n + block(16, 32) + block(32, 32) * (n - 1) + block(32, 64) +
           block(64, 64) * (n - 1);
  };
  const auto ends = 9 * 3 * 16 + norm(16) + 64 * 10 + 10;
  CHECK(ends + stages(3) == 269'722);
  CHECK(count_parameters({{"name", "resnet"}}, cifar) == 269'722);
  CHECK(count_parameters({{"name", "resnet"}, {"depth", 56}}, cifar) == ends + stages(9));
}

TEST_CASE("resnet names its state as torchvision's does") {
  const auto network = build_model({{"name", "resnet"}, {"depth", 14}}, cifar);
  const auto parameters = network->named_parameters();
  for (const auto* name :
       {"conv1.weight", "bn1.weight", "bn1.bias", "layer1.0.conv1.weight", "layer1.0.bn1.weight",
        "layer2.1.conv2.weight", "layer3.1.bn2.bias", "fc.weight", "fc.bias"}) {
    CAPTURE(name);
    CHECK(parameters.contains(name));
  }
  CHECK(parameters["layer2.0.conv1.weight"].sizes() == at::IntArrayRef{32, 16, 3, 3});
  CHECK(network->named_buffers().contains("layer3.1.bn2.num_batches_tracked"));
}

TEST_CASE("resnet's convolutions start normal, with the variance that keeps gradients") {
  const auto network = build_model({{"name", "resnet"}, {"width", 32}}, cifar);
  for (const auto& parameter : network->named_parameters()) {
    if (parameter.value().dim() != 4) continue;
    CAPTURE(parameter.key());
    const auto weights = parameter.value().detach().to(at::kDouble);
    const auto fan_out = static_cast<double>(weights.size(0) * 9);
    const auto deviations = std::sqrt(2.0 / static_cast<double>(weights.numel()));
    CHECK(std::abs(weights.square().mean().item<double>() * fan_out / 2 - 1) < 5 * deviations);
  }
}

TEST_CASE("resnet takes images of any size and learns") {
  for (const auto& samples : {cifar, digits, reference::images({2, 5, 9}, 3)}) {
    const auto& shape = samples.input()->shape;
    const auto network = build_model({{"name", "resnet"}, {"depth", 8}, {"width", 4}}, samples);
    const auto batch = scatter({4, shape[0], shape[1], shape[2]}, 0, at::kFloat);
    const auto output = output_of(*network, batch);
    CHECK(output.sizes() == at::IntArrayRef{4, samples.outputs()});
    output.square().sum().backward();
    for (const auto& parameter : network->named_parameters()) {
      CAPTURE(parameter.key());
      CHECK(parameter.value().grad().abs().sum().item<double>() > 0);
    }
  }
}

TEST_CASE("a resnet block whose convolutions give nothing passes on what option A says") {
  const auto network = build_model({{"name", "resnet"}, {"depth", 8}, {"width", 2}}, cifar);
  network->to(at::kDouble);
  network->eval();
  {
    const at::NoGradGuard no_grad;
    for (const auto& parameter : network->named_parameters())
      if (parameter.key().find("layer") == 0) parameter.value().zero_();
    network->named_parameters()["fc.weight"].copy_(
        at::eye(8, at::kDouble).repeat({2, 1}).slice(0, 0, 10));
    network->named_parameters()["fc.bias"].zero_();
  }
  const auto batch = scatter({4, 3, 32, 32}, 0);
  const auto stem = at::conv2d(batch, network->named_parameters()["conv1.weight"], {}, 1, 1)
                        .div(std::sqrt(1 + 1e-5))
                        .relu();
  const auto pixels = stem.slice(2, 0, 32, 4).slice(3, 0, 32, 4).mean({2, 3});
  const auto output = output_of(*network, batch);
  CHECK(distance(output.slice(1, 0, 2), pixels) < 1e-12);
  CHECK(output.slice(1, 2, 8).abs().max().item<double>() == 0);
}

TEST_CASE("resnet refuses other depths") {
  const auto* resnet = find_kind("model")->find("resnet");
  CHECK(resnet->conflict({{"name", "resnet"}, {"depth", 18}}) ==
        "depth needs to be 6n + 2, such as 20, 32, 44, 56 or 110");
  CHECK(resnet->conflict({{"name", "resnet"}, {"depth", 110}}) == "");
}
