#include "registry/builders.hpp"
#include "registry/optimizers/groups.hpp"
#include "registry/parallel/norm.hpp"
#include "runner/train/due.hpp"
#include "runner/train/early_stop.hpp"
#include "runner/train/gradient_noise.hpp"
#include "runner/train/gradients.hpp"
#include "runner/train/loss_scale.hpp"
#include "runner/train/weight_average.hpp"
#include "tests/experiments/fixture.hpp"
#include "tests/reference/reference.hpp"

#include <cmath>

#include <ATen/Parallel.h>

using namespace runner;
using reference::scatter;

namespace {

std::shared_ptr<Network> small_network() {
  auto network = build_model({{"name", "mlp"}, {"hidden", {16}}}, reference::images({1, 6, 6}, 10));
  network->to(at::kDouble);
  return network;
}

/// After so many steps of 32 samples, 5 steps an epoch.
Moment after(std::int64_t step, double seconds = 0) {
  return {step, step * 32, 32, step / 5, step % 5 == 0, seconds};
}

std::vector<std::int64_t> due_steps(const std::string& interval) {
  Due due(parse_interval(interval));
  std::vector<std::int64_t> steps;
  for (std::int64_t step = 1; step <= 20; ++step)
    if (due(after(step, 0.4 * static_cast<double>(step)))) steps.push_back(step);
  return steps;
}

}  // namespace

TEST_CASE("an interval is due after its steps, samples, epochs or seconds") {
  CHECK(due_steps("7 steps") == std::vector<std::int64_t>{7, 14});
  CHECK(due_steps("100 samples") == std::vector<std::int64_t>{4, 7, 10, 13, 16, 19});
  CHECK(due_steps("2 epochs") == std::vector<std::int64_t>{10, 20});
  CHECK(due_steps("3 seconds") == std::vector<std::int64_t>{8, 16});
  Due never(std::nullopt);
  CHECK_FALSE(never(after(5)));
}

TEST_CASE("gradients are clipped to a norm over all of them, as PyTorch does") {
  std::vector gradients{scatter({3, 4}, 1), scatter({5}, 2)};
  const double before = std::sqrt(gradients[0].square().sum().item<double>() +
                                  gradients[1].square().sum().item<double>());
  CHECK(norm(gradients).item<double>() == doctest::Approx(before).epsilon(1e-12));
  clip_by_norm(gradients, norm(gradients), 0.5);
  CHECK(norm(gradients).item<double>() == doctest::Approx(0.5).epsilon(1e-5));
  CHECK((gradients[1] - scatter({5}, 2) * (0.5 / (before + 1e-6))).abs().max().item<double>() <
        1e-12);
  const auto small = gradients[0].clone();
  clip_by_norm(gradients, norm(gradients), 10);
  CHECK(gradients[0].equal(small));
  clip_by_value(gradients, 0.01);
  CHECK(gradients[0].abs().max().item<double>() == 0.01);
}

TEST_CASE("the gradients' norm has the same bits on any number of threads") {
  const std::vector gradients{scatter({3000, 100}, 1).to(at::kFloat),
                              scatter({77777}, 2).to(at::kFloat)};
  const int threads = at::get_num_threads();
  const auto norm_with = [&](int count) {
    at::set_num_threads(count);
    return norm(gradients);
  };
  const auto one = norm_with(1);
  for (const int count : {2, 3, 7}) CHECK(norm_with(count).equal(one));
  at::set_num_threads(threads);
}

TEST_CASE("the gradient noise scale is that of the noise that was put in") {
  // |G|^2 = 4 and a trace of 100: a batch of n has the squared norm 4 + 100 / n on average.
  const auto measured = [](double n) { return GradientNoise::Measured{n, std::sqrt(4 + 100 / n)}; };
  GradientNoise noise;
  for (const double n : {64, 64, 32}) {
    noise.add(measured(n), measured(n / 2));
    CHECK(noise.scale() == doctest::Approx(25));
  }
  GradientNoise nothing_but;
  nothing_but.add({64, 1}, {32, 2});
  CHECK(std::isinf(nothing_but.scale()));
}

TEST_CASE("a loss scale skips what is not finite, halves, and doubles after 2000 good steps") {
  LossScale scale(true);
  CHECK(scale.factor() == 65536);
  std::vector gradients{at::full({3}, 65536.0f)};
  CHECK(scale.unscale(gradients));
  CHECK(gradients[0].equal(at::ones({3})));
  gradients[0][1] = INFINITY;
  CHECK_FALSE(scale.unscale(gradients));
  CHECK(scale.factor() == 32768);
  CHECK(scale.skipped() == 1);
  for (int step = 0; step < 2000; ++step) {
    gradients[0].fill_(1);
    CHECK(scale.unscale(gradients));
  }
  CHECK(scale.factor() == 65536);
  LossScale off(false);
  gradients[0].fill_(NAN);
  CHECK(off.unscale(gradients));
  CHECK(off.factor() == 1);
}

TEST_CASE("averaged weights follow the weights, and change places with them and back") {
  const auto network = small_network();
  const auto weight = network->parameters()[0];
  WeightAverage average(0.9, *network);
  const auto first = weight.detach().clone();
  {
    const at::NoGradGuard no_grad;
    for (auto& parameter : network->parameters()) parameter.add_(1);
  }
  average.update(1);  // AveragedModel begins with the weights after the first step
  const auto second = weight.detach().clone();
  {
    const AveragedWeights averaged(average);
    CHECK(weight.detach().equal(first + 1));
  }
  {
    const at::NoGradGuard no_grad;
    for (auto& parameter : network->parameters()) parameter.add_(1);
  }
  average.update(2);
  {
    const AveragedWeights averaged(average);
    CHECK((weight.detach() - (0.9 * second + 0.1 * (second + 1))).abs().max().item<double>() <
          1e-12);
  }
  CHECK(weight.detach().equal(second + 1));
}

TEST_CASE("a run stops early when its metric no longer gets better, or diverges") {
  EarlyStopping options;
  options.patience = 2;
  options.min_delta = 0.1;
  EarlyStop stop(options);
  const auto at = [&](double loss) { return stop.measured({{"eval/loss", loss}}); };
  CHECK_FALSE(at(1.0));
  CHECK_FALSE(at(0.95));  // not better by min_delta
  CHECK_FALSE(at(0.8));
  CHECK_FALSE(at(0.9));
  CHECK(at(0.75) == "eval/loss has not become better than 0.8 in 2 evaluations");
  options.divergence_threshold = 2;
  EarlyStop diverging(options);
  CHECK(diverging.measured({{"eval/loss", 2.5}}) ==
        "eval/loss is 2.5, beyond early_stopping.divergence_threshold 2");
  options.metric = "eval/f2";
  EarlyStop missing(options);
  CHECK(error_of<std::runtime_error>([&] {
          missing.measured({{"eval/loss", 1.0}});
        }) == "early_stopping.metric is 'eval/f2', but what is measured is eval/loss");
}

TEST_CASE("a metric that is NaN is never the best, and is beyond every threshold") {
  EarlyStopping options;
  options.metric = "eval/r2";
  options.mode = "max";
  options.patience = 2;
  const auto at = [](EarlyStop& stop, double r2) { return stop.measured({{"eval/r2", r2}}); };
  EarlyStop never(options);
  CHECK_FALSE(at(never, NAN));
  CHECK(at(never, NAN) == "eval/r2 is NaN in 2 evaluations, and cannot be judged");
  EarlyStop first(options);
  CHECK_FALSE(at(first, NAN));
  CHECK_FALSE(at(first, 0.5));
  CHECK_FALSE(at(first, NAN));
  CHECK(at(first, 0.4) == "eval/r2 has not become better than 0.5 in 2 evaluations");
  options.patience.reset();
  options.divergence_threshold = -5;
  EarlyStop diverging(options);
  CHECK_FALSE(at(diverging, -5));
  CHECK(at(diverging, NAN) == "eval/r2 is NaN, beyond early_stopping.divergence_threshold -5");
}

TEST_CASE("parameters go to the first group that matches, the rest to the optimizer itself") {
  const auto network = small_network();
  const Json optimizer{{"name", "adamw"},
                       {"lr", 0.1},
                       {"weight_decay", 0.5},
                       {"groups",
                        {{{"match", "*.bias"}, {"weight_decay", 0.0}},
                         {{"match", "layers.0.*"}, {"frozen", true}}}}};
  const auto groups = group_parameters(optimizer, *network);
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].names.size() == 2);
  CHECK(groups[0].component.at("weight_decay") == 0.0);
  CHECK(groups[0].component.at("lr") == 0.1);
  CHECK(groups[1].names == std::vector<std::string>{"layers.0.weight"});
  CHECK(groups[1].frozen);
  CHECK(groups[2].match.empty());
  CHECK(groups[2].names.size() == 1);
  freeze(groups, *network);
  CHECK_FALSE(network->named_parameters()["layers.0.weight"].requires_grad());
  const Json idle{{"name", "sgd"}, {"groups", {{{"match", "head.*"}}}}};
  CHECK(error_of<std::invalid_argument>([&] { group_parameters(idle, *network); })
            .starts_with(
                "optimizer.groups[0].match: 'head.*' matches no parameter that is left; there are "
                "layers.0.weight, layers.0.bias"));
}
