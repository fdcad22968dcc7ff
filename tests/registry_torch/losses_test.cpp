#include "tests/reference/reference.hpp"

using namespace runner;
using reference::distance;
using reference::scatter;

namespace {

const std::array formats{reference::Format{"float64", at::kDouble, 1e-13},
                         reference::Format{"float32", at::kFloat, 1e-6}};

}  // namespace

TEST_CASE("losses and their gradients are PyTorch's, summed over the samples") {
  const auto target = (at::arange(6, at::kLong) * 7).remainder(10);
  for (const auto& each : reference::load("losses"))
    for (const auto& format : formats) {
      CAPTURE(each.at("loss").dump());
      CAPTURE(format.name);
      const auto output = (scatter({6, 10}, 0, format.type) * 3).requires_grad_();
      const auto sum = build_loss(each.at("loss"))->sum(output, target);
      sum.backward();
      CHECK(sum.dim() == 0);
      CHECK(distance(sum, each.at(format.name).at("sum")) < format.tolerance);
      CHECK(distance(output.grad(), each.at(format.name).at("gradient")) < format.tolerance);
    }
}

TEST_CASE("the loss of a batch is the sum of its samples' losses") {
  const auto output = scatter({6, 10}, 0).log_softmax(1);
  const auto target = at::arange(6, at::kLong);
  for (const Json& component :
       {Json{{"name", "nll"}}, Json{{"name", "cross_entropy"}, {"label_smoothing", 0.1}}}) {
    const auto loss = build_loss(component);
    auto sum = at::zeros({}, at::kDouble);
    for (int i = 0; i < 6; ++i)
      sum += loss->sum(output.slice(0, i, i + 1), target.slice(0, i, i + 1));
    CHECK(distance(loss->sum(output, target), sum) < 1e-14);
  }
}
