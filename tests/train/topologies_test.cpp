#include "registry/builders.hpp"
#include "registry/layers/sample_scope.hpp"
#include "tests/reference/reference.hpp"
#include "tests/train/ranks_as_threads.hpp"

#include <mutex>

#include <torch/nn/modules/linear.h>

using namespace runner;
using reference::distance;
using reference::scatter;

namespace {

const std::vector<std::string> no_errors(4);

Json sgd() { return {{"name", "sgd"}, {"lr", 0.1}, {"momentum", 0.9}}; }

std::shared_ptr<Network> example_network() {
  auto network = build_model({{"name", "mlp"}, {"hidden", {16, 8}}, {"dropout", 0.25}},
                             reference::images({1, 6, 6}, 10));
  network->to(at::kDouble);
  reference::set_weights(*network);
  return network;
}

struct Trained {
  std::vector<double> losses;
  std::vector<at::Tensor> gradients, weights;
};

const Json plain{{"name", "cross_entropy"}};
const Json weighted{{"name", "cross_entropy"},
                    {"label_smoothing", 0.1},
                    {"weight", {0.5, 1.0, 2.0, 0.0, 0.3, 1.7, 1.0, 3.0, 0.1, 0.9}}};

/// Three steps on batches of 13 samples, as one of the ranks.
Trained train(const Json& topology, const Ranks& ranks, Network& network, int accumulate = 1,
              const Json& loss_component = plain) {
  const Mesh mesh(ranks);
  const auto strategy = build_strategy(topology, network, mesh);
  const auto optimizer = build_optimizer(sgd(), strategy->own_parameters());
  const auto loss = build_loss(loss_component, reference::of_classes(10));
  const Part batch{0, 13};
  Trained result;
  for (int step = 0; step < 3; ++step) {
    const auto inputs = scatter({13, 1, 6, 6}, step);
    const auto targets = (at::arange(13, at::kLong) * 7 + step).remainder(10);
    network.zero_grad();
    strategy->begin_step({});
    for (int i = 0; i < accumulate; ++i) {
      const auto part = part_of(ranks.share(batch), i, accumulate);
      const SampleScope scope(static_cast<std::uint64_t>(step), part.begin);
      const auto output = reference::output_of(network, inputs.slice(0, part.begin, part.end));
      strategy->backward(reference::sum_of(*loss, output, targets.slice(0, part.begin, part.end)),
                         loss->count(targets).item<double>(), i + 1 == accumulate);
    }
    result.gradients.clear();
    for (const auto& parameter : network.parameters())
      result.gradients.push_back(parameter.grad().clone());
    result.losses.push_back(strategy->loss_sum().item<double>());
    optimizer->step(0.1, nullptr);
    strategy->after_update();
  }
  for (const auto& parameter : network.parameters())
    result.weights.push_back(parameter.detach().clone());
  return result;
}

void check_same(const Trained& found, const Trained& wanted, double tolerance) {
  REQUIRE(found.losses.size() == wanted.losses.size());
  REQUIRE(found.weights.size() == wanted.weights.size());
  for (std::size_t i = 0; i < wanted.losses.size(); ++i)
    CHECK(found.losses[i] == doctest::Approx(wanted.losses[i]).epsilon(tolerance));
  for (std::size_t i = 0; i < wanted.weights.size(); ++i) {
    CHECK(distance(found.gradients[i], wanted.gradients[i]) < tolerance);
    CHECK(distance(found.weights[i], wanted.weights[i]) < tolerance);
  }
}

/// Trains on so many ranks, which add up by Gloo and in memory, and compares each with one rank.
void check_against_one(const Json& topology, int size, int accumulate, double tolerance,
                       const Json& loss = plain) {
  CAPTURE(topology.dump());
  CAPTURE(size);
  CAPTURE(accumulate);
  const auto alone = train({{"name", "single"}}, Ranks(), *example_network(), 1, loss);
  for (const auto sums : {Sums::by_gloo, Sums::in_memory}) {
    CAPTURE(sums);
    std::vector<std::shared_ptr<Network>> networks;
    for (int rank = 0; rank < size; ++rank) networks.push_back(example_network());
    std::vector<Trained> trained(networks.size());
    const auto train_one = [&](const Ranks& ranks) {
      const auto rank = static_cast<std::size_t>(ranks.rank());
      trained[rank] = train(topology, ranks, *networks[rank], accumulate, loss);
    };
    CHECK(as_ranks(size, train_one, sums) == std::vector<std::string>(networks.size()));
    for (const auto& one : trained) check_same(one, alone, tolerance);
  }
}

/// Two layers of which the second is not used.
struct HalfUsed : TensorNetwork {
  torch::nn::Linear used{4, 3}, unused{4, 3};

  HalfUsed() : TensorNetwork(reference::images({4}, 3)) {
    register_module("used", used);
    register_module("unused", unused);
  }
  torch::Tensor forward(const torch::Tensor& batch) override { return used(batch); }
};

std::vector<std::string> train_half_used(const Json& topology) {
  return as_ranks(2, [&](const Ranks& ranks) {
    const Mesh mesh(ranks);
    HalfUsed network;
    const auto strategy = build_strategy(topology, network, mesh);
    for (int step = 0; step < 3; ++step) {
      network.zero_grad();
      strategy->begin_step({});
      strategy->backward(network.forward(at::ones({2, 4})).sum(), 4, true);
    }
  });
}

}  // namespace

TEST_CASE("a part of positions is one of so many that differ by at most one") {
  CHECK(part_of({10, 23}, 0, 3).begin == 10);
  CHECK(part_of({10, 23}, 0, 3).end == 15);
  CHECK(part_of({10, 23}, 1, 3).end == 19);
  CHECK(part_of({10, 23}, 2, 3).end == 23);
  CHECK(part_of({0, 2}, 2, 4).size() == 0);
}

TEST_CASE("accumulation on one rank gives the result of the whole batch") {
  const auto whole = train({{"name", "single"}}, Ranks(), *example_network());
  for (const int parts : {2, 4, 13, 16})
    check_same(train({{"name", "single"}}, Ranks(), *example_network(), parts), whole, 1e-12);
}

TEST_CASE("ddp gives one rank's losses, gradients and weights on 2, 3 and 4 ranks") {
  for (const int size : {2, 3, 4}) check_against_one({{"name", "ddp"}}, size, 1, 1e-12);
}

TEST_CASE("ddp with accumulation gives one rank's result") {
  for (const int size : {2, 3}) check_against_one({{"name", "ddp"}}, size, 4, 1e-12);
}

TEST_CASE("ddp gives the same with tiny buckets, with a static graph and without bucket views") {
  check_against_one({{"name", "ddp"}, {"bucket_mb", 0.0001}}, 2, 1, 1e-12);
  check_against_one({{"name", "ddp"}, {"static_graph", true}}, 2, 1, 1e-12);
  check_against_one({{"name", "ddp"}, {"static_graph", true}}, 2, 2, 1e-12);
  check_against_one({{"name", "ddp"}, {"gradient_as_bucket_view", false}}, 2, 2, 1e-12);
  check_against_one({{"name", "ddp"}, {"find_unused_parameters", true}}, 3, 1, 1e-12);
}

TEST_CASE("zero1 gives one rank's result though each rank updates a share of the weights") {
  for (const int size : {2, 3, 4}) check_against_one({{"name", "zero1"}}, size, 1, 1e-12);
  check_against_one({{"name", "zero1"}}, 2, 3, 1e-12);
}

TEST_CASE("with weights of classes, too, any number of ranks gives one rank's result") {
  for (const auto* topology : {"ddp", "zero1"})
    for (const int size : {2, 3, 4}) {
      check_against_one({{"name", topology}}, size, 1, 1e-12, weighted);
      check_against_one({{"name", topology}}, size, 3, 1e-12, weighted);
    }
}

TEST_CASE("zero1's ranks own every parameter once between them") {
  std::vector<std::shared_ptr<Network>> networks{example_network(), example_network()};
  std::mutex mutex;
  std::int64_t owned = 0, all = 0, largest = 0;
  const auto errors = as_ranks(2, [&](const Ranks& ranks) {
    auto& network = *networks[static_cast<std::size_t>(ranks.rank())];
    const Mesh mesh(ranks);
    const auto strategy = build_strategy({{"name", "zero1"}}, network, mesh);
    std::int64_t mine = 0;
    for (const auto& parameter : strategy->own_parameters()) mine += parameter.tensor.numel();
    const std::lock_guard lock(mutex);
    owned += mine;
    largest = std::max(largest, mine);
    all = 0;
    for (const auto& parameter : network.parameters()) all += parameter.numel();
  });
  CHECK(errors == std::vector<std::string>(2));
  CHECK(owned == all);
  CHECK(largest < all);
}

TEST_CASE("compressed gradients are nearly those of one rank, and the loss is exact") {
  const auto alone = train({{"name", "single"}}, Ranks(), *example_network());
  for (const auto* format : {"bf16", "fp16"}) {
    CAPTURE(format);
    std::vector<std::shared_ptr<Network>> networks;
    for (int rank = 0; rank < 2; ++rank) {
      networks.push_back(example_network());
      networks.back()->to(at::kFloat);
    }
    std::vector<double> losses(2);
    std::vector<at::Tensor> gradients(2);
    const auto errors = as_ranks(2, [&](const Ranks& ranks) {
      const auto rank = static_cast<std::size_t>(ranks.rank());
      auto& network = *networks[rank];
      const Mesh mesh(ranks);
      const auto strategy =
          build_strategy({{"name", "ddp"}, {"compression", format}}, network, mesh);
      const auto part = ranks.share({0, 13});
      strategy->begin_step({});
      const SampleScope scope(0, part.begin);
      const auto inputs = scatter({13, 1, 6, 6}, 0).to(at::kFloat);
      const auto targets = (at::arange(13, at::kLong) * 7).remainder(10);
      const auto output = reference::output_of(network, inputs.slice(0, part.begin, part.end));
      strategy->backward(
          reference::sum_of(*build_loss({{"name", "cross_entropy"}}, reference::of_classes(10)),
                            output, targets.slice(0, part.begin, part.end)),
          13, true);
      losses[rank] = strategy->loss_sum().item<double>();
      gradients[rank] = network.parameters()[0].grad().clone();
    });
    CHECK(errors == std::vector<std::string>(2));
    CHECK(losses[0] == doctest::Approx(alone.losses[0]).epsilon(1e-5));
    CHECK(gradients[0].equal(gradients[1]));
  }
}

TEST_CASE("a wish to stop of one rank, and the time of rank 0, reach all after the same step") {
  std::vector<std::vector<bool>> answers(3);
  const auto errors = as_ranks(3, [&](const Ranks& ranks) {
    const Mesh mesh(ranks);
    HalfUsed network;
    network.unused->weight.requires_grad_(false);
    network.unused->bias.requires_grad_(false);
    const auto strategy = build_strategy({{"name", "ddp"}}, network, mesh);
    for (int step = 0; step < 4; ++step) {
      network.zero_grad();
      strategy->begin_step({ranks.rank() == 1 && step >= 2, 10.0 * step + ranks.rank()});
      strategy->backward(network.forward(at::ones({2, 4})).sum(), 6, true);
      answers[static_cast<std::size_t>(ranks.rank())].push_back(strategy->agreed().stop);
      CHECK(strategy->agreed().seconds == 10.0 * step);
    }
  });
  CHECK(errors == std::vector<std::string>(3));
  for (const auto& answer : answers) CHECK(answer == std::vector{false, false, true, true});
}

TEST_CASE("a rank that has another model is named with the first difference") {
  std::vector<std::shared_ptr<Network>> networks{
      example_network(), build_model({{"name", "mlp"}, {"hidden", {16, 9}}, {"dropout", 0.25}},
                                     reference::images({1, 6, 6}, 10))};
  networks[1]->to(at::kDouble);
  const auto errors = as_ranks(2, [&](const Ranks& ranks) {
    const Mesh mesh(ranks);
    build_strategy({{"name", "ddp"}}, *networks[static_cast<std::size_t>(ranks.rank())], mesh);
  });
  CHECK(errors[1] ==
        "the model is not the same on all ranks: rank 1 has layers.3.weight [9, 16] Double where "
        "rank 0 has layers.3.weight [8, 16] Double");
}

TEST_CASE("parameters that the loss does not depend on are named by their paths") {
  for (const auto& error : train_half_used({{"name", "ddp"}}))
    CHECK(error ==
          "the loss does not depend on unused.weight, unused.bias: set "
          "topology.find_unused_parameters to true, or take them out of the model");
}

TEST_CASE("unused parameters are no error when the recipe says so") {
  CHECK(train_half_used({{"name", "ddp"}, {"find_unused_parameters", true}}) ==
        std::vector<std::string>(2));
  CHECK(train_half_used({{"name", "ddp"}, {"static_graph", true}}) == std::vector<std::string>(2));
}
