#include "registry/builders.hpp"
#include "registry/kinds.hpp"
#include "registry/optimizers/inner_product.hpp"
#include "runner/checkpoint/snapshot.hpp"
#include "tests/experiments/fixture.hpp"
#include "tests/reference/reference.hpp"

#include <ATen/Parallel.h>

using namespace runner;
using reference::distance;
using reference::scatter;

namespace {

/// make_reference.py's valley(), and an optimizer that goes down into it.
struct Descent {
  Descent(const Json& component, at::ScalarType type)
      : parameters{scatter({2, 3}, 0, type), scatter({4}, 1, type)} {
    for (auto& parameter : parameters) parameter.requires_grad_();
    optimizer = build_optimizer(component, {{"a", parameters[0]}, {"b", parameters[1]}});
  }

  double evaluate(int step) {
    ++evaluations;
    for (auto& parameter : parameters) parameter.mutable_grad().reset();
    const auto x = at::cat({parameters[0].flatten(), parameters[1].flatten()});
    const auto ahead = x.slice(0, 1), behind = x.slice(0, 0, -1);
    const auto bends = 3 * (ahead - behind.square()).square();
    const auto loss = (bends + (1 + 0.1 * step - behind).square()).sum();
    loss.backward();
    return loss.item<double>();
  }

  /// Gives the first loss.
  double step(int number) {
    evaluations = 0;
    std::optional<double> first;
    optimizer->step(optimizer->base_lr(), [&] {
      const auto loss = evaluate(number);
      if (!first) first = loss;
      return loss;
    });
    return first.value();
  }

  std::vector<at::Tensor> parameters;
  std::unique_ptr<Optimizer> optimizer;
  int evaluations = 0;
};

Json state_of(Optimizer& optimizer, const TemporaryFolder& folder) {
  Collector collector("optimizer");
  optimizer.visit_state(collector);
  return write(collector.take(), folder.path()).sha256;
}

const Json with_search{
    {"name", "lbfgs"}, {"line_search_fn", "strong_wolfe"}, {"max_iter", 4}, {"history_size", 3}};

}  // namespace

TEST_CASE("lbfgs takes the steps that PyTorch's takes, with as many evaluations") {
  int cases = 0;
  for (const auto& each : reference::load("lbfgs")) {
    CAPTURE(each.at("optimizer").dump());
    Descent descent(each.at("optimizer"), at::kDouble);
    int step = 0;
    for (const auto& expected : each.at("float64")) {
      CAPTURE(step);
      CHECK(descent.step(step) == doctest::Approx(expected.at("loss").get<double>()).epsilon(1e-8));
      CHECK(descent.evaluations == expected.at("evaluations"));
      for (std::size_t i = 0; i < 2; ++i)
        CHECK(distance(descent.parameters[i], expected.at("weights").at(i)) < 1e-8);
      ++step;
    }
    CHECK(step == 6);
    ++cases;
  }
  CHECK(cases == 10);
}

TEST_CASE("in fp32, whose rounding a bent valley magnifies, lbfgs comes as far as PyTorch's") {
  for (const auto& each : reference::load("lbfgs")) {
    if (!each.at("optimizer").contains("line_search_fn")) continue;
    CAPTURE(each.at("optimizer").dump());
    Descent descent(each.at("optimizer"), at::kFloat);
    int step = 0;
    for (const auto& expected : each.at("float32"))
      CHECK(descent.step(step++) ==
            doctest::Approx(expected.at("loss").get<double>()).epsilon(1e-3));
  }
}

TEST_CASE("lbfgs goes on from a checkpoint with the same bits") {
  for (const auto& component : {Json{{"name", "lbfgs"}, {"lr", 0.1}}, with_search}) {
    const TemporaryFolder folder, straight_folder;
    Descent straight(component, at::kFloat), stopped(component, at::kFloat);
    for (int step = 0; step < 6; ++step) straight.step(step);
    for (int step = 0; step < 3; ++step) stopped.step(step);
    state_of(*stopped.optimizer, folder);

    Descent resumed(component, at::kFloat);
    Restorer restorer(folder.path(), "optimizer");
    resumed.optimizer->visit_state(restorer);
    const at::NoGradGuard no_grad;
    for (std::size_t i = 0; i < 2; ++i) resumed.parameters[i].copy_(stopped.parameters[i]);
    {
      const at::AutoGradMode with_gradients(true);
      for (int step = 3; step < 6; ++step) resumed.step(step);
    }
    for (std::size_t i = 0; i < 2; ++i) CHECK(resumed.parameters[i].equal(straight.parameters[i]));
    CHECK(state_of(*resumed.optimizer, folder) == state_of(*straight.optimizer, straight_folder));
  }
}

TEST_CASE("a loss that is no number on the way is gone around by the line search") {
  auto weight = at::tensor({0.5}, at::kDouble).requires_grad_();
  const auto optimizer =
      build_optimizer({{"name", "lbfgs"}, {"line_search_fn", "strong_wolfe"}, {"max_eval", 60}},
                      {{"weight", weight}});
  const auto evaluate = [&] {
    weight.mutable_grad().reset();
    const auto loss = (weight - weight.log()).sum();  // least at 1, and nothing below 0
    loss.backward();
    return loss.item<double>();
  };
  weight.data().fill_(8);
  for (int step = 0; step < 4; ++step) optimizer->step(20, evaluate);
  CHECK(weight.item<double>() == doctest::Approx(1).epsilon(1e-6));
}

TEST_CASE("an inner product has the same bits on any number of threads") {
  const int before = at::get_num_threads();
  for (const auto type : {at::kFloat, at::kDouble}) {
    const auto a = scatter({500'001}, 1, type), b = scatter({500'001}, 2, type);
    std::vector<double> products;
    for (const int threads : {1, 2, 3, 8}) {
      at::set_num_threads(threads);
      products.push_back(inner_product(a, b));
    }
    CHECK(products == std::vector<double>(4, products[0]));
    CHECK(products[0] ==
          doctest::Approx(at::dot(a.to(at::kDouble), b.to(at::kDouble)).item<double>())
              .epsilon(1e-12));
  }
  at::set_num_threads(before);
}
