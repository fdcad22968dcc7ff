#include "registry/builders.hpp"
#include "registry/parallel/norm.hpp"
#include "runner/checkpoint/snapshot.hpp"
#include "runner/train/ledger.hpp"
#include "runner/train/weight_average.hpp"
#include "tests/experiments/fixture.hpp"
#include "tests/reference/reference.hpp"
#include "tests/train/ranks_as_threads.hpp"

#include <array>
#include <fstream>
#include <map>

#include <ATen/ATen.h>

using namespace runner;
using reference::distance;
using reference::scatter;

// What a strategy that shards the weights can rely on: the simplest one, in which each rank keeps
// some rows of every parameter and has all of them for as long as a step computes.

namespace {

class RowShards : public Strategy {
 public:
  RowShards(Network& network, const Ranks& ranks) : Strategy(network), ranks_(ranks) {
    for (auto& parameter : network.named_parameters()) {
      rows_[parameter.key()] = parameter.value().size(0);
      keep(parameter.value(), *shard_of(parameter.key()));
    }
  }

  bool is_sharded() const override { return true; }

  std::optional<Shard> shard_of(const std::string& parameter) const override {
    return Shard{0, ranks_.share({0, rows_.at(parameter)})};
  }

  at::Tensor full_tensor(const Parameter& kept) const override {
    const auto rows = shard_of(kept.name)->part;
    auto shape = kept.tensor.sizes().vec();
    shape[0] = rows_.at(kept.name);
    auto full = at::zeros(shape, kept.tensor.options().requires_grad(false));
    full.narrow(0, rows.begin, rows.size()).copy_(kept.tensor.detach());
    ranks_.sum(full);
    return full;
  }

  void begin_step(const Wishes& wishes) override {
    wishes_ = wishes;
    loss_sum_ = at::zeros({}, parameters().front().tensor.options().requires_grad(false));
  }

  Output forward(const Batch& batch) override {
    if (!whole_)
      for (auto parameter : parameters()) parameter.tensor.set_data(full_tensor(parameter));
    whole_ = true;
    return network().forward(batch);
  }

  void backward(const at::Tensor& loss_sum, double divisor, bool last) override {
    loss_sum.backward(at::full_like(loss_sum, 1 / divisor));
    loss_sum_ += loss_sum.detach();
    if (!last) return;
    ranks_.sum(loss_sum_);
    for (auto parameter : parameters()) {
      auto gradient = parameter.tensor.grad();
      ranks_.sum(gradient);
      const auto shard = *shard_of(parameter.name);
      parameter.tensor.mutable_grad().reset();
      keep(parameter.tensor, shard);
      parameter.tensor.mutable_grad() =
          gradient.narrow(0, shard.part.begin, shard.part.size()).clone();
    }
    whole_ = false;
  }

  at::Tensor loss_sum() const override { return loss_sum_; }
  Wishes agreed() const override { return wishes_; }

  at::Tensor gradient_norm() const override {
    auto squared = norm(gradients()).square();
    ranks_.sum(squared);
    return squared.sqrt();
  }

 private:
  static void keep(at::Tensor tensor, const Shard& shard) {
    tensor.set_data(tensor.detach().narrow(shard.dim, shard.part.begin, shard.part.size()).clone());
  }

  const Ranks& ranks_;
  std::map<std::string, std::int64_t> rows_;
  bool whole_ = false;
  at::Tensor loss_sum_;
  Wishes wishes_;
};

std::shared_ptr<Network> example_network() {
  auto network = build_model({{"name", "mlp"}, {"hidden", {7}}}, reference::images({1, 4, 4}, 3));
  network->to(at::kDouble);
  reference::set_weights(*network);
  return network;
}

/// What three clipped steps leave, as a checkpoint has it and the ledger notes it.
struct Left {
  NamedTensors weights, averages;
  double norm = 0;
};

NamedTensors collected(const std::function<void(StateVisitor&)>& visit) {
  Collector collector("all");
  visit(collector);
  return collector.take().tensors;
}

Left train(Strategy& strategy, const Ranks& ranks, const std::filesystem::path& folder) {
  const auto optimizer = build_optimizer({{"name", "adam"}}, strategy.own_parameters());
  WeightAverage average(0.5, strategy.network());
  Ledger ledger(folder, strategy, ranks.rank() == 0, 0);
  Left left;
  for (int step = 1; step <= 3; ++step) {
    strategy.network().zero_grad();
    strategy.begin_step({});
    const auto part = ranks.share({0, 8});
    const auto inputs = scatter({8, 1, 4, 4}, step).slice(0, part.begin, part.end);
    strategy.backward(strategy.forward(reference::batch_of(inputs)).tensor.square().sum(), 8, true);
    ledger.note_gradients();
    const auto norm = strategy.gradient_norm();
    left.norm = norm.item<double>();
    for (auto& gradient : strategy.gradients()) gradient.mul_(0.1 / norm);
    optimizer->step(0.01, nullptr);
    strategy.after_update();
    average.update(step);
    ledger.write(step, strategy.loss_sum().item<double>());
  }
  left.weights = collected([&](StateVisitor& visitor) { strategy.visit_weights(visitor); });
  left.averages = collected([&](StateVisitor& visitor) { average.visit_state(visitor, strategy); });
  return left;
}

void check_same(const NamedTensors& found, const NamedTensors& wanted) {
  REQUIRE(found.size() == wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i].first == wanted[i].first);
    CHECK(distance(found[i].second, wanted[i].second) < 1e-12);
  }
}

/// The ledger's names of columns, and its losses and norms.
std::pair<std::string, std::vector<double>> ledger_in(const std::filesystem::path& folder) {
  std::ifstream in(folder / "ledger.csv");
  std::string names, loss, norm, rest;
  std::getline(in, names);
  std::vector<double> numbers;
  while (std::getline(in, rest, ',') && std::getline(in, loss, ',') &&
         std::getline(in, norm, ',') && std::getline(in, rest)) {
    numbers.push_back(std::stod(loss));
    numbers.push_back(std::stod(norm));
  }
  return {names, numbers};
}

}  // namespace

TEST_CASE("weights in shards train, clip, average and are saved and noted as whole ones are") {
  const TemporaryFolder folder;
  const auto whole = example_network();
  const Ranks alone;
  const Mesh mesh(alone);
  const auto wanted =
      train(*build_strategy({{"name", "single"}}, *whole, mesh), alone, folder.path() / "whole");
  std::array<Left, 3> found;
  const auto errors = as_ranks(3, [&](const Ranks& ranks) {
    const auto network = example_network();
    RowShards strategy(*network, ranks);
    found[static_cast<std::size_t>(ranks.rank())] = train(strategy, ranks, folder.path() / "ranks");
  });
  CHECK(errors == std::vector<std::string>(3));
  for (const auto& left : found) {
    check_same(left.weights, wanted.weights);
    check_same(left.averages, wanted.averages);
    CHECK(left.norm == doctest::Approx(wanted.norm).epsilon(1e-12));
  }
  const auto [names, numbers] = ledger_in(folder.path() / "ranks");
  const auto [wanted_names, wanted_numbers] = ledger_in(folder.path() / "whole");
  CHECK(names == wanted_names);
  REQUIRE(numbers.size() == wanted_numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i)
    CHECK(numbers[i] == doctest::Approx(wanted_numbers[i]).epsilon(1e-12));
}

TEST_CASE("what was saved of one rank comes back in shards") {
  const TemporaryFolder folder;
  const auto whole = example_network();
  const Ranks alone;
  const Mesh mesh(alone);
  Collector collector("model");
  build_strategy({{"name", "single"}}, *whole, mesh)->visit_weights(collector);
  const auto file = collector.take();
  write(file, folder.path());
  std::array<NamedTensors, 2> found;
  const auto errors = as_ranks(2, [&](const Ranks& ranks) {
    const auto network = example_network();
    {
      const at::NoGradGuard no_grad;
      for (auto& parameter : network->parameters()) parameter.zero_();
    }
    RowShards strategy(*network, ranks);
    Restorer restorer(folder.path(), "model");
    strategy.visit_weights(restorer);
    found[static_cast<std::size_t>(ranks.rank())] =
        collected([&](StateVisitor& visitor) { strategy.visit_weights(visitor); });
  });
  CHECK(errors == std::vector<std::string>(2));
  for (const auto& weights : found) check_same(weights, file.tensors);
}
