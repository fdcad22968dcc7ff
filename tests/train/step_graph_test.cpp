#include "runner/train/step_graph.hpp"

#include "runner/protocol/channel.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/train/trainer.hpp"
#include "tests/experiments/fixture.hpp"
#include "tests/train/recorded_operations.hpp"
#include "tests/train/samples.hpp"

#include <array>

#include <ATen/ATen.h>
#include <sys/socket.h>

using namespace runner;

namespace {

using Overrides = std::vector<std::string>;

/// A trainer of the samples, and what it tells.
class Training {
 public:
  explicit Training(const Overrides& overrides, std::int64_t samples = 43) : samples_(samples) {
    std::array<int, 2> ends{};
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    mine_ = std::make_unique<Channel>(ends[0]);
    trainers_ = std::make_unique<Channel>(ends[1]);
    const auto dataset = samples_.dataset(0.3, 0.4);
    Overrides all{"train.batch_size=8", "train.epochs=9", "model={name: mlp, hidden: [12]}"};
    all.insert(all.end(), overrides.begin(), overrides.end());
    const auto config = read_recipe(RUNNER_SOURCE_DIR "/recipes/synthetic.yaml", all).config;
    trainer_ =
        std::make_unique<Trainer>(config, dataset, at::kCPU, ranks_, *trainers_, heartbeat_, stop_);
  }

  Trainer& operator*() { return *trainer_; }
  Trainer* operator->() { return trainer_.get(); }

  /// Why there is no graph; empty when nothing was told.
  std::string told() const {
    if (!is_readable(mine_->fd())) return "";
    const auto event = mine_->receive();
    CHECK(event->at("event") == "no_graph");
    return event->at("reason");
  }

 private:
  Samples samples_;
  std::unique_ptr<Channel> mine_, trainers_;
  Heartbeat heartbeat_;
  std::atomic<bool> stop_{false};
  Ranks ranks_;
  std::unique_ptr<Trainer> trainer_;
};

std::string reason_against(const Overrides& overrides) {
  int replays = 0;
  Training training(overrides);
  training->capture_with(std::make_unique<RecordedOperations>(replays));
  return training.told();
}

/// Steps with a graph and without, from the same start.
void check_steps(const Overrides& overrides, int steps, int expected_replays) {
  CAPTURE(overrides.front());
  int replays = 0;
  Training without(overrides), with(overrides);
  with->capture_with(std::make_unique<RecordedOperations>(replays));
  for (int step = 1; step <= steps; ++step) {
    CAPTURE(step);
    without->step();
    with->step();
    CHECK(with->last_loss() == doctest::Approx(without->last_loss()).epsilon(1e-4));
  }
  CHECK(with.told() == "");
  CHECK(replays == expected_replays);
  const auto expected = without->network().parameters(), weights = with->network().parameters();
  for (std::size_t i = 0; i < weights.size(); ++i)
    CHECK((weights[i] - expected[i]).abs().max().item<double>() < 1e-5);
}

/// A weight that goes up by a number of the host's at each step.
struct Counting {
  at::Tensor weight = at::zeros({});
  double number = 0;
  std::string failure;

  StepGraph::Step step(const std::function<void()>& add) {
    return {[add, this] {
              add();
              return Stepped{weight, {}};
            },
            [] {}, [this] { ++number; },
            [this](StateVisitor& visitor) {
              visitor.tensor("weight", weight);
              visitor.value("number", number);
            },
            [this](const std::string& reason) { failure = reason; }};
  }
};

}  // namespace

TEST_CASE("a captured step is the step, whatever the optimizer") {
  // Six steps an epoch, the last of three samples, which goes without: of 16, three warm up, one is
  // captured and one compared.
  for (const std::string optimizer :
       {"{name: sgd, lr: 0.1, momentum: 0.9, nesterov: true}", "{name: adam, amsgrad: true}",
        "{name: adamw, weight_decay: 0.1}", "{name: adadelta, weight_decay: 0.01}",
        "{name: adagrad, lr_decay: 0.1}", "{name: adamax}", "{name: nadam, weight_decay: 0.1}",
        "{name: radam}", "{name: rmsprop, momentum: 0.5, centered: true}",
        "{name: lion, lr: 0.001, weight_decay: 0.5}"})
    check_steps({"optimizer=" + optimizer, "scheduler={name: cosine}"}, 16, 10);
}

TEST_CASE("a captured step has its own learning rate, samples and dropout") {
  check_steps(
      {"model={name: cnn, channels: [4], hidden: [8], dropout: 0.3}", "scheduler={name: one_cycle}",
       "train.clip_norm=0.1", "train.ema_decay=0.9", "train.accumulate=3"},
      16, 10);
  check_steps({"optimizer={name: adam, groups: [{match: '*.bias', name: sgd, lr: 0.5}]}",
               "scheduler={name: step, step_size: 1, gamma: 0.5}", "train.clip_value=0.01"},
              16, 10);
}

TEST_CASE("what cannot be captured goes without a graph, and says why") {
  CHECK(reason_against({"optimizer=lbfgs"}) == "the optimizer looks at numbers on its way");
  CHECK(reason_against({"optimizer=adam"}) == "");
  CHECK(reason_against({"precision=fp16-mixed"}) ==
        "the loss scale of half precision looks at the gradients");
  CHECK(reason_against({"precision=bf16-true"}) ==
        "learning rates would have few digits in weights of half precision");
  CHECK(reason_against({"loss={name: cross_entropy, weight: [1, 1, 1, 1, 1, 1, 1, 1, 1, 2]}"}) ==
        "batches differ in how many targets count");
}

TEST_CASE("a graph that keeps a number of the host's is found out, and nothing is lost") {
  int replays = 0;
  Counting counting;
  const auto add = [&] { counting.weight.add_(++counting.number); };
  StepGraph graph(std::make_unique<RecordedOperations>(replays), at::kCPU, counting.step(add));
  double sum = 0;
  for (int step = 1; step <= 8; ++step) {
    graph.run();
    CHECK(counting.weight.item<double>() == (sum += step));
  }
  CHECK(replays == 1);
  CHECK(counting.failure == "weight came out otherwise with it");
}

TEST_CASE("a number that the host gives anew each time is read anew") {
  int replays = 0;
  Counting counting;
  const auto add = [&] {
    ++counting.number;
    const auto fill = [&](at::Tensor& number) { number.fill_(counting.number); };
    counting.weight.add_(step_input({}, at::kFloat, at::kCPU, fill));
  };
  StepGraph graph(std::make_unique<RecordedOperations>(replays), at::kCPU, counting.step(add));
  double sum = 0;
  for (int step = 1; step <= 8; ++step) {
    CHECK(graph.run().loss_sum.item<double>() == (sum += step));
    CHECK(counting.weight.item<double>() == sum);
  }
  CHECK(replays == 4);
  CHECK(counting.failure == "");
}

TEST_CASE("a step that waits for the device goes without a graph, and nothing is lost") {
  int replays = 0;
  Counting counting;
  const auto add = [&] { counting.weight.add_(1 + 0 * counting.weight.item<double>()); };
  StepGraph graph(std::make_unique<RecordedOperations>(replays), at::kCPU, counting.step(add));
  for (int step = 1; step <= 8; ++step) CHECK(graph.run().loss_sum.item<double>() == step);
  CHECK(replays == 0);
  CHECK(counting.failure ==
        "operation not permitted when stream is capturing: aten::_local_scalar_dense");
}
