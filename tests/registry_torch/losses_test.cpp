#include "registry/target.hpp"
#include "tests/experiments/fixture.hpp"
#include "tests/reference/reference.hpp"

using namespace runner;
using reference::distance;
using reference::scatter;

namespace {

const std::array formats{reference::Format{"float64", at::kDouble, 1e-13},
                         reference::Format{"float32", at::kFloat, 1e-6}};

}  // namespace

TEST_CASE("losses, their gradients and their means are PyTorch's") {
  const auto classes = (at::arange(6, at::kLong) * 7).remainder(10);
  for (const auto& each : reference::load("losses"))
    for (const auto& format : formats) {
      const bool of_numbers = target_of_loss(each.at("loss")) == Target::numbers;
      const auto target = of_numbers ? scatter({6, 10}, 5, format.type) * 3 : classes;
      CAPTURE(each.at("loss").dump());
      CAPTURE(format.name);
      const auto output = (scatter({6, 10}, 0, format.type) * 3).requires_grad_();
      const auto loss = build_loss(each.at("loss"), {{}, 10});
      const auto sum = loss->sum(output, target);
      sum.backward();
      CHECK(sum.dim() == 0);
      CHECK(distance(sum, each.at(format.name).at("sum")) < format.tolerance);
      CHECK(distance(sum / loss->weight(target), each.at(format.name).at("mean")) <
            format.tolerance);
      CHECK(distance(output.grad(), each.at(format.name).at("gradient")) < format.tolerance);
    }
}

TEST_CASE("a loss has no weights unless it is given some, and in bf16 they keep their digits") {
  CHECK_FALSE(build_loss({{"name", "nll"}}, {})->has_weights());
  const auto loss = build_loss({{"name", "nll"}, {"weight", {1.001, 1.0}}}, {{}, 2});
  CHECK(loss->has_weights());
  const auto output = at::full({1000, 2}, -1.0, at::kBFloat16);
  CHECK(loss->sum(output, at::zeros({1000}, at::kLong)).item<double>() ==
        doctest::Approx(1001).epsilon(1e-6));
}

TEST_CASE("a loss of numbers is computed in fp32 at least, and refuses other shapes") {
  const auto loss = build_loss({{"name", "mse"}}, {{}, 0, 2});
  const auto output = at::full({1000, 2}, 1.0, at::kBFloat16);
  const auto target = at::full({1000, 2}, 0.999, at::kFloat);
  CHECK(loss->sum(output, target).item<double>() == doctest::Approx(1e-3).epsilon(1e-3));
  CHECK(error_of<std::runtime_error>([&] { loss->sum(output, target.slice(1, 0, 1)); }) ==
        "the model gives [1000, 2] numbers for targets of [1000, 1]");
}

TEST_CASE("weights that are not one for each class are refused with the number of classes") {
  for (const auto* name : {"nll", "cross_entropy"})
    CHECK(error_of<std::invalid_argument>([&] {
            build_loss({{"name", name}, {"weight", {1, 2, 3}}}, {{}, 10});
          }) ==
          std::string("loss '") + name + "': weight has 3 factors, but the data have 10 classes");
}

TEST_CASE("the loss of a batch is the sum of its samples' losses") {
  const auto output = scatter({6, 10}, 0).log_softmax(1);
  const auto target = at::arange(6, at::kLong);
  for (const Json& component :
       {Json{{"name", "nll"}}, Json{{"name", "cross_entropy"}, {"label_smoothing", 0.1}}}) {
    const auto loss = build_loss(component, {});
    auto sum = at::zeros({}, at::kDouble);
    for (int i = 0; i < 6; ++i)
      sum += loss->sum(output.slice(0, i, i + 1), target.slice(0, i, i + 1));
    CHECK(distance(loss->sum(output, target), sum) < 1e-14);
  }
}
