#include "runner/train/evaluation.hpp"

#include "registry/parallel/alone.hpp"
#include "tests/reference/reference.hpp"
#include "tests/train/ranks_as_threads.hpp"
#include "tests/train/samples.hpp"

using namespace runner;

namespace {

std::shared_ptr<Network> example_network() {
  auto network =
      build_model({{"name", "mlp"}, {"hidden", {16}}, {"dropout", 0.5}}, {{1, 6, 6}, 10});
  reference::set_weights(*network);
  return network;
}

Batches example_batches() { return {Samples(103).split(), 0.5, 0.25, at::kCPU}; }

}  // namespace

TEST_CASE("evaluation counts each sample once whatever the batch size") {
  const auto network = example_network();
  const auto batches = example_batches();
  const auto loss = build_loss({{"name", "cross_entropy"}}, {});
  const auto whole = evaluate(*train_alone(*network), *loss, Precision{}, batches, 103);
  CHECK(whole.correct > 0);
  CHECK(whole.correct < 103);
  for (const std::int64_t batch_size : {1, 10, 64, 102, 1000}) {
    CAPTURE(batch_size);
    const auto found = evaluate(*train_alone(*network), *loss, Precision{}, batches, batch_size);
    CHECK(found.count == 103);
    CHECK(found.correct == whole.correct);
    CHECK(found.loss == doctest::Approx(whole.loss).epsilon(1e-6));
    CHECK(found.accuracy() == static_cast<double>(*whole.correct) / 103);
  }
}

TEST_CASE("evaluation's loss is the mean and its accuracy the share of right answers") {
  const auto network = example_network();
  const auto batches = example_batches();
  const auto found = evaluate(*train_alone(*network), *build_loss({{"name", "cross_entropy"}}, {}),
                              Precision{}, batches, 10);
  network->to(at::kDouble);
  network->eval();
  double loss = 0;
  std::int64_t correct = 0;
  for (std::int64_t i = 0; i < 103; ++i) {
    const auto one = batches.slice(i, i + 1);
    const auto row = network->forward(one.inputs.to(at::kDouble)).log_softmax(1)[0];
    const auto label = one.targets.item<std::int64_t>();
    loss -= row[label].item<double>() / 103;
    correct += row.argmax().item<std::int64_t>() == label;
  }
  CHECK(found.loss == doctest::Approx(loss).epsilon(1e-6));
  CHECK(found.correct == correct);
}

TEST_CASE("evaluation's loss with weights of classes is PyTorch's mean over all samples") {
  const auto network = example_network();
  const auto batches = example_batches();
  const std::vector<double> weight{0.5, 1.0, 2.0, 0.0, 0.3, 1.7, 1.0, 3.0, 0.1, 0.9};
  const auto loss = build_loss({{"name", "cross_entropy"}, {"weight", weight}}, {{}, 10});
  network->eval();
  const auto all = batches.slice(0, 103);
  const auto wanted = at::cross_entropy_loss(network->forward(all.inputs), all.targets,
                                             at::tensor(weight, at::kFloat));
  for (const std::int64_t batch_size : {1, 10, 1000})
    CHECK(evaluate(*train_alone(*network), *loss, Precision{}, batches, batch_size).loss ==
          doctest::Approx(wanted.item<double>()).epsilon(1e-6));
  std::vector<double> losses(3);
  const auto errors = as_ranks(3, [&](const Ranks& ranks) {
    const auto mine = example_network();
    losses[static_cast<std::size_t>(ranks.rank())] =
        evaluate(*train_alone(*mine), *loss, Precision{}, batches, 10, ranks).loss;
  });
  CHECK(errors == std::vector<std::string>(3));
  for (const double each : losses)
    CHECK(each == doctest::Approx(wanted.item<double>()).epsilon(1e-6));
}

TEST_CASE("evaluation drops nothing, keeps no gradients and goes back to training") {
  const auto network = example_network();
  const auto batches = example_batches();
  const auto loss = build_loss({{"name", "cross_entropy"}}, {});
  const auto first = evaluate(*train_alone(*network), *loss, Precision{}, batches, 64);
  const auto again = evaluate(*train_alone(*network), *loss, Precision{}, batches, 64);
  CHECK(first.loss == again.loss);
  CHECK(network->is_training());
  for (const auto& parameter : network->parameters()) CHECK_FALSE(parameter.grad().defined());
}

TEST_CASE("training goes on after an evaluation in bf16-mixed") {
  const auto network = example_network();
  const auto batches = example_batches();
  const auto loss = build_loss({{"name", "cross_entropy"}}, {});
  const auto precision = build_precision({{"name", "bf16-mixed"}});
  evaluate(*train_alone(*network), *loss, *precision, batches, 64);
  const auto batch = batches.slice(0, 16);
  at::Tensor sum;
  {
    const Autocast autocast(*precision, at::kCPU);
    sum = loss->sum(network->forward(batch.inputs), batch.targets);
  }
  sum.backward();
  for (const auto& parameter : network->parameters()) CHECK(parameter.grad().defined());
}
