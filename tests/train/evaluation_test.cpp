#include "runner/train/evaluation.hpp"

#include "registry/parallel/alone.hpp"
#include "tests/reference/reference.hpp"
#include "tests/train/ranks_as_threads.hpp"
#include "tests/train/samples.hpp"

#include <map>

using namespace runner;
using reference::output_of;

namespace {

std::shared_ptr<Network> example_network() {
  const auto type = Samples(1).dataset(0, 1).type;
  auto network = build_model({{"name", "mlp"}, {"hidden", {16}}, {"dropout", 0.5}}, type);
  reference::set_weights(*network);
  return network;
}

std::unique_ptr<Loader> example_samples() {
  const auto dataset = Samples(103).dataset(0.5, 0.25);
  return make_loader(dataset, dataset.splits[1], {at::kCPU, at::kFloat});
}

/// A loss of the samples' classes, and the accuracy.
struct Measured {
  explicit Measured(const Json& loss_component = {{"name", "cross_entropy"}},
                    const Json& precision_component = {{"name", "fp32"}})
      : judged{*Samples(1).dataset(0, 1).type.target(), 10},
        loss(build_loss(loss_component, judged)),
        precision(build_precision(precision_component)) {
    metrics.push_back(build_metric({{"name", "accuracy"}}, {10, at::TensorOptions()}));
  }

  Evaluation by(Network& network, std::int64_t batch_size, const Ranks& ranks = {}) const {
    const auto samples = example_samples();
    return evaluate(*train_alone(network), {*loss, judged, *precision, metrics}, *samples,
                    batch_size, ranks);
  }

  JudgedType judged;
  std::unique_ptr<Loss> loss;
  std::unique_ptr<Precision> precision;
  MetricList metrics;
};

double accuracy_of(const Evaluation& evaluation) {
  return std::map<std::string, double>(evaluation.more.begin(), evaluation.more.end())
      .at("accuracy");
}

}  // namespace

TEST_CASE("evaluation counts each sample once whatever the batch size") {
  const auto network = example_network();
  const Measured measured;
  const auto whole = measured.by(*network, 103);
  CHECK(accuracy_of(whole) > 0);
  CHECK(accuracy_of(whole) < 1);
  for (const std::int64_t batch_size : {1, 10, 64, 102, 1000}) {
    CAPTURE(batch_size);
    const auto found = measured.by(*network, batch_size);
    CHECK(found.count == 103);
    CHECK(accuracy_of(found) == accuracy_of(whole));
    CHECK(found.loss == doctest::Approx(whole.loss).epsilon(1e-6));
  }
}

TEST_CASE("evaluation's loss is the mean and its accuracy the share of right answers") {
  const auto network = example_network();
  const auto found = Measured().by(*network, 10);
  network->to(at::kDouble);
  network->eval();
  const auto samples = example_samples();
  double loss = 0, correct = 0;
  for (std::int64_t i = 0; i < 103; ++i) {
    const auto one = samples->slice({i, i + 1});
    const auto row = output_of(*network, one.at("input").to(at::kDouble)).log_softmax(1)[0];
    const auto label = one.at("class").item<std::int64_t>();
    loss -= row[label].item<double>() / 103;
    correct += row.argmax().item<std::int64_t>() == label ? 1 : 0;
  }
  CHECK(found.loss == doctest::Approx(loss).epsilon(1e-6));
  CHECK(accuracy_of(found) == correct / 103);
}

TEST_CASE("evaluation's loss with weights of classes is PyTorch's mean over all samples") {
  const auto network = example_network();
  const std::vector<double> weight{0.5, 1.0, 2.0, 0.0, 0.3, 1.7, 1.0, 3.0, 0.1, 0.9};
  const Measured measured({{"name", "cross_entropy"}, {"weight", weight}});
  network->eval();
  const auto all = example_samples()->slice({0, 103});
  const auto wanted = at::cross_entropy_loss(output_of(*network, all.at("input")), all.at("class"),
                                             at::tensor(weight, at::kFloat));
  for (const std::int64_t batch_size : {1, 10, 1000})
    CHECK(measured.by(*network, batch_size).loss ==
          doctest::Approx(wanted.item<double>()).epsilon(1e-6));
  std::vector<double> losses(3);
  const auto errors = as_ranks(3, [&](const Ranks& ranks) {
    const auto mine = example_network();
    losses[static_cast<std::size_t>(ranks.rank())] = measured.by(*mine, 10, ranks).loss;
  });
  CHECK(errors == std::vector<std::string>(3));
  for (const double each : losses)
    CHECK(each == doctest::Approx(wanted.item<double>()).epsilon(1e-6));
}

TEST_CASE("evaluation drops nothing, keeps no gradients and goes back to training") {
  const auto network = example_network();
  const Measured measured;
  CHECK(measured.by(*network, 64).loss == measured.by(*network, 64).loss);
  CHECK(network->is_training());
  for (const auto& parameter : network->parameters()) CHECK_FALSE(parameter.grad().defined());
}

TEST_CASE("training goes on after an evaluation in bf16-mixed") {
  const auto network = example_network();
  const Measured measured({{"name", "cross_entropy"}}, {{"name", "bf16-mixed"}});
  measured.by(*network, 64);
  const auto batch = example_samples()->slice({0, 16});
  at::Tensor sum;
  {
    const Autocast autocast(*measured.precision, at::kCPU);
    sum = measured.loss->sum(network->forward(batch), batch);
  }
  sum.backward();
  for (const auto& parameter : network->parameters()) CHECK(parameter.grad().defined());
}
