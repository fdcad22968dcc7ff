#include "registry/kinds.hpp"
#include "registry/target.hpp"
#include "tests/experiments/fixture.hpp"
#include "tests/reference/reference.hpp"

using namespace runner;
using reference::distance;
using reference::of_classes;
using reference::of_numbers;
using reference::scatter;
using reference::sum_of;

namespace {

const std::array formats{reference::Format{"float64", at::kDouble, 1e-13},
                         reference::Format{"float32", at::kFloat, 1e-6}};

}  // namespace

TEST_CASE("losses, their gradients and their means are PyTorch's") {
  const auto classes = (at::arange(6, at::kLong) * 7).remainder(10);
  for (const auto& each : reference::load("losses"))
    for (const auto& format : formats) {
      const bool tells_numbers = target_of_loss(each.at("loss")) == Target::numbers;
      const auto target = tells_numbers ? scatter({6, 10}, 5, format.type) * 3 : classes;
      CAPTURE(each.at("loss").dump());
      CAPTURE(format.name);
      const auto output = (scatter({6, 10}, 0, format.type) * 3).requires_grad_();
      const auto loss =
          build_loss(each.at("loss"), tells_numbers ? of_numbers(10) : of_classes(10));
      const auto sum = sum_of(*loss, output, target);
      sum.backward();
      CHECK(sum.dim() == 0);
      CHECK(distance(sum, each.at(format.name).at("sum")) < format.tolerance);
      CHECK(distance(sum / loss->count(target), each.at(format.name).at("mean")) <
            format.tolerance);
      CHECK(distance(output.grad(), each.at(format.name).at("gradient")) < format.tolerance);
    }
}

TEST_CASE("a loss has no weights unless it is given some, and in bf16 they keep their digits") {
  CHECK(build_loss({{"name", "nll"}}, of_classes(2))->count_of_row() == 1);
  const auto loss = build_loss({{"name", "nll"}, {"weight", {1.001, 1.0}}}, of_classes(2));
  CHECK_FALSE(loss->count_of_row().has_value());
  const auto output = at::full({1000, 2}, -1.0, at::kBFloat16);
  CHECK(sum_of(*loss, output, at::zeros({1000}, at::kLong)).item<double>() ==
        doctest::Approx(1001).epsilon(1e-6));
}

TEST_CASE("a loss of numbers is computed in fp32 at least, and refuses other shapes") {
  const auto loss = build_loss({{"name", "mse"}}, of_numbers(2));
  const auto output = at::full({1000, 2}, 1.0, at::kBFloat16);
  const auto target = at::full({1000, 2}, 0.999, at::kFloat);
  CHECK(sum_of(*loss, output, target).item<double>() == doctest::Approx(1e-3).epsilon(1e-3));
  CHECK(error_of<std::runtime_error>([&] { sum_of(*loss, output, target.slice(1, 0, 1)); }) ==
        "the model gives [1000, 2] numbers for targets of [1000, 1]");
}

TEST_CASE("weights that are not one for each class are refused with the number of classes") {
  for (const auto* name : {"nll", "cross_entropy"})
    CHECK(find_kind("loss")->find(name)->misfit({{"name", name}, {"weight", {1, 2, 3}}},
                                                reference::images({1, 2, 2}, 10)) ==
          "weight has 3 factors, but the data have 10 classes");
}

TEST_CASE("the loss of a batch is the sum of its samples' losses") {
  const auto output = scatter({6, 10}, 0).log_softmax(1);
  const auto target = at::arange(6, at::kLong);
  for (const Json& component :
       {Json{{"name", "nll"}}, Json{{"name", "cross_entropy"}, {"label_smoothing", 0.1}}}) {
    const auto loss = build_loss(component, of_classes(10));
    auto sum = at::zeros({}, at::kDouble);
    for (int i = 0; i < 6; ++i)
      sum += sum_of(*loss, output.slice(0, i, i + 1), target.slice(0, i, i + 1));
    CHECK(distance(sum_of(*loss, output, target), sum) < 1e-14);
  }
}

TEST_CASE("cross entropy of classes that stand first, behind the rows or last is PyTorch's") {
  const auto targets = (at::arange(4 * 6, at::kLong) * 7).remainder(10).view({4, 6}).clone();
  targets[1].slice(0, 2, 6).fill_(ignored_class);
  const auto weight = scatter({10}, 3).abs() + 0.1;
  const auto first = scatter({4, 10, 6}, 0) * 3;
  for (const double smoothing : {0.0, 0.2})
    for (const bool weighs : {false, true}) {
      CAPTURE(smoothing);
      CAPTURE(weighs);
      const auto wanted = at::cross_entropy_loss(first, targets, weighs ? weight : at::Tensor(),
                                                 at::Reduction::Mean, ignored_class, smoothing);
      Json component{{"name", "cross_entropy"}, {"label_smoothing", smoothing}};
      if (weighs)
        component["weight"] = std::vector<double>(weight.const_data_ptr<double>(),
                                                  weight.const_data_ptr<double>() + 10);
      for (const int axis : {1, -1}) {
        auto judged = of_classes(10, axis);
        judged.target.shape = {6};
        judged.target.ignores = true;
        const auto loss = build_loss(component, judged);
        const auto output = axis == 1 ? first : first.transpose(1, 2);
        CHECK(distance(sum_of(*loss, output, targets) / loss->count(targets), wanted) < 1e-12);
      }
    }
}

TEST_CASE("a row counts as many targets as it has, or has to be looked at") {
  auto judged = of_classes(10, -1);
  judged.target.shape = {6};
  CHECK(build_loss({{"name", "cross_entropy"}}, judged)->count_of_row() == 6);
  // A class of the data may be left out, too.
  const auto loss = build_loss({{"name", "cross_entropy"}, {"ignore_index", 0}}, judged);
  CHECK_FALSE(loss->count_of_row().has_value());
  CHECK(loss->count(at::tensor({0, 3, 0, 1}, at::kLong)).item<double>() == 2);
  CHECK(loss->ignored() == 0);
}
