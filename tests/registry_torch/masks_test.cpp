#include "registry/layers/dropout.hpp"
#include "registry/layers/random_layer.hpp"
#include "registry/layers/sample_scope.hpp"
#include "registry/parallel/part.hpp"
#include "registry/random.hpp"
#include "tests/experiments/fixture.hpp"
#include "tests/reference/reference.hpp"

#include <map>
#include <numeric>
#include <random>

#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>

using namespace runner;

// Properties by chance: every run draws other cases. A bound of 6.5 standard deviations is passed
// less than once in a million runs.

namespace {

constexpr double most_sigmas = 6.5;

using Random = std::mt19937_64;
using Paths = std::vector<std::string>;

/// Calls `attempt(random)` so many times, each with a seed that a failure names.
void often(int times, const std::function<void(Random&)>& attempt) {
  const auto first = std::random_device{}();
  for (int i = 0; i < times; ++i) {
    CAPTURE(first + static_cast<unsigned>(i));
    Random random(first + static_cast<unsigned>(i));
    attempt(random);
  }
}

std::int64_t between(std::int64_t least, std::int64_t most, Random& random) {
  return std::uniform_int_distribution<std::int64_t>(least, most)(random);
}

/// Dropouts with these names.
class Layers : public torch::nn::Module {
 public:
  explicit Layers(const Paths& names, double p = 0.5) {
    for (const auto& name : names) layers_.emplace(name, register_module(name, Dropout(p)));
    set_paths(*this);
  }

  /// What a layer keeps of a batch in this scope.
  at::Tensor kept(const std::string& name, std::int64_t samples, std::int64_t elements = 64) {
    return layers_.at(name)(at::ones({samples, elements}, at::kFloat)).ne(0);
  }

 private:
  std::map<std::string, Dropout> layers_;
};

/// Each layer's mask of a batch that is split over ranks and micro-batches, each of which calls the
/// layers in an order of its own.
std::map<std::string, at::Tensor> masks(Layers& layers, Paths order, std::uint64_t step,
                                        std::int64_t batch, std::int64_t ranks,
                                        std::int64_t micro_batches, Random& random) {
  std::map<std::string, std::vector<at::Tensor>> parts;
  for (std::int64_t rank = 0; rank < ranks; ++rank)
    for (std::int64_t i = 0; i < micro_batches; ++i) {
      const auto part = part_of(part_of({0, batch}, rank, ranks), i, micro_batches);
      const SampleScope scope(step, part.begin);
      std::shuffle(order.begin(), order.end(), random);
      for (const auto& name : order) parts[name].push_back(layers.kept(name, part.size()));
    }
  std::map<std::string, at::Tensor> out;
  for (const auto& [name, each] : parts) out[name] = at::cat(each);
  return out;
}

/// How far the share of ones is from what is expected of independent bits.
double sigmas_of_bits(const at::Tensor& bits, double expected) {
  const double share = bits.to(at::kDouble).mean().item<double>();
  return std::abs(share - expected) /
         std::sqrt(expected * (1 - expected) / static_cast<double>(bits.numel()));
}

}  // namespace

TEST_CASE("a mask is of the path, the step and the sample, in any parts and order of calls") {
  const Paths names{"dropout1", "dropout2", "block_attention", "block_mlp"};
  Layers layers(names);
  often(60, [&](Random& random) {
    const auto batch = between(1, 40, random);
    const auto step = random();
    const auto whole = masks(layers, names, step, batch, 1, 1, random);
    const auto ranks = between(1, 6, random), micro_batches = between(1, 5, random);
    CAPTURE(batch);
    CAPTURE(ranks);
    CAPTURE(micro_batches);
    const auto split = masks(layers, names, step, batch, ranks, micro_batches, random);
    for (const auto& name : names) CHECK(split.at(name).equal(whole.at(name)));
  });
}

TEST_CASE("a layer that is added, or not called, changes no other's mask") {
  Layers few({"dropout1", "dropout3"}), more({"dropout1", "dropout2", "dropout3", "dropout4"});
  often(10, [&](Random& random) {
    const auto step = random();
    const SampleScope one(step, 0);
    const auto first = few.kept("dropout1", 8), third = few.kept("dropout3", 8);
    const SampleScope other(step, 0);
    more.kept("dropout4", 8);
    more.kept("dropout2", 8);
    CHECK(more.kept("dropout3", 8).equal(third));
    CHECK(more.kept("dropout1", 8).equal(first));
  });
}

TEST_CASE("other paths, steps, samples and calls have masks that agree by chance alone") {
  const Paths names{"a", "b", "layers1", "layers2", "layers11", "1layers"};
  for (const double p : {0.1, 0.5, 0.8}) {
    CAPTURE(p);
    Layers layers(names, p);
    const double alike = p * p + (1 - p) * (1 - p);
    often(4, [&](Random& random) {
      const auto step = random();
      std::vector<at::Tensor> all;
      for (const std::uint64_t key : {step, step + 1}) {
        const SampleScope scope(key, between(0, 1 << 20, random));
        for (const auto& name : names) all.push_back(layers.kept(name, 2, 5000));
        all.push_back(layers.kept(names[0], 2, 5000));  // a second call
      }
      std::vector<at::Tensor> samples;
      for (const auto& mask : all)
        for (const auto& sample : mask.unbind()) samples.push_back(sample);
      for (std::size_t i = 0; i < samples.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
          CAPTURE(i);
          CAPTURE(j);
          CHECK(sigmas_of_bits(samples[i].eq(samples[j]), alike) < most_sigmas);
        }
    });
  }
}

TEST_CASE("over many paths, steps and samples, dropout keeps its share, with binomial spread") {
  constexpr std::int64_t elements = 32, samples = 500;
  for (const double p : {0.01, 0.3, 0.5, 0.9}) {
    CAPTURE(p);
    often(2, [&](Random& random) {
      Paths names;
      for (int i = 0; i < 40; ++i) names.push_back("layer" + std::to_string(random()));
      Layers layers(names, p);
      std::vector<at::Tensor> all;
      for (const auto& name : names) {
        const SampleScope scope(random(), between(0, 1 << 30, random));
        all.push_back(layers.kept(name, samples, elements));
      }
      const auto bits = at::cat(all);
      CHECK(sigmas_of_bits(bits, 1 - p) < most_sigmas);
      for (const auto& element : bits.unbind(1))
        CHECK(sigmas_of_bits(element, 1 - p) < most_sigmas);
      // Pearson's: of n numbers with the variance v about the mean, the sum of squares over v.
      const auto counts = bits.sum(1).to(at::kDouble) - (1 - p) * elements;
      const double n = static_cast<double>(counts.numel()), v = p * (1 - p) * elements;
      const double excess = (1 - 6 * p * (1 - p)) / v;  // the binomial's kurtosis over 3
      const double squares = counts.square().sum().item<double>() / v;
      CHECK(std::abs(squares - n) < most_sigmas * std::sqrt(n * (2 + excess)));
    });
  }
}

TEST_CASE("a layer called twice has two masks, and the same two in the next pass of the step") {
  Layers layers({"shared", "other"});
  often(10, [&](Random& random) {
    const auto step = random();
    std::vector<at::Tensor> first, second;
    for (int pass = 0; pass < 2; ++pass) {
      const SampleScope scope(step, 0);
      first.push_back(layers.kept("shared", 4));
      if (pass == 1) layers.kept("other", 4);
      second.push_back(layers.kept("shared", 4));
    }
    CHECK_FALSE(first[0].equal(second[0]));
    CHECK(first[1].equal(first[0]));
    CHECK(second[1].equal(second[0]));
  });
}

TEST_CASE("what backward computes again from a copy of its pass draws the masks that it drew") {
  Layers layers({"shared", "other"});
  often(10, [&](Random& random) {
    const SampleScope scope(random(), between(0, 100, random));
    layers.kept("shared", 4);
    const auto segment = scope.pass();
    const auto first = layers.kept("shared", 4), second = layers.kept("other", 4);
    layers.kept("shared", 4);
    {
      const SampleScope again(segment);
      CHECK(layers.kept("other", 4).equal(second));
      CHECK(layers.kept("shared", 4).equal(first));
    }
    CHECK(SampleScope::current() == &scope);
  });
}

TEST_CASE("a layer's path is as PyTorch's named_modules has it, the first of several") {
  struct : torch::nn::Module {
    torch::nn::Sequential layers =
        register_module("layers", torch::nn::Sequential(torch::nn::Linear(4, 4), Dropout(0.5)));
    Dropout shared = register_module("b", Dropout(0.5));
    Dropout again = register_module("c", shared);
  } network;
  set_paths(network);
  const auto input = at::ones({2, 1000});
  const auto mask_of = [&](const std::string& path) {
    Dropout layer(0.5);
    layer->set_path(path);
    const SampleScope scope(7, 0);
    return layer(input);
  };
  const SampleScope scope(7, 0);
  CHECK(network.layers->at<DropoutImpl>(1).forward(input).equal(mask_of("layers.1")));
  CHECK(network.shared(input).equal(mask_of("b")));
}

TEST_CASE("a path stands for the same numbers everywhere") {
  CHECK(key_of("") == 0);
  CHECK(key_of("layers.2") == 0x3B62854F4ED236CFU);
  CHECK(key_of("layers.2") != key_of("layers.1"));
}

TEST_CASE("a random layer that was not registered is told of, where it would draw for samples") {
  const auto input = at::ones({2, 3});
  Dropout lost(0.5), idle(0.0);
  const SampleScope scope(7, 0);
  const auto text = error_of<c10::Error>([&] { lost(input); });
  CHECK(text.substr(0, text.find('\n')) ==
        "a random layer has no path: it is to be registered in its module");
  CHECK(idle(input).equal(input));
}

TEST_CASE("only layers that may drop something are random") {
  const auto network = [](double p) { return Layers({"dropout"}, p); };
  CHECK(has_random_layers(network(0.1)));
  CHECK_FALSE(has_random_layers(network(0)));
  CHECK_FALSE(has_random_layers(*torch::nn::Sequential(torch::nn::Linear(4, 4))));
}
