#include "tests/reference/reference.hpp"

#include <numeric>

using namespace runner;
using reference::distance;
using reference::scatter;

namespace {

/// The gradients of a batch of 64 that is worked off in parts of the given sizes, as ranks or
/// accumulation would: summed losses, divided by the true count of the whole batch.
std::vector<at::Tensor> gradients(const Json& loss_component,
                                  const std::vector<std::int64_t>& parts) {
  const auto network = build_model({{"name", "mnist_cnn"}, {"dropout1", 0.0}, {"dropout2", 0.0}},
                                   reference::images({1, 12, 12}, 10));
  network->to(at::kDouble);
  reference::set_weights(*network);
  const auto loss = build_loss(loss_component, reference::of_classes(10));
  const auto inputs = scatter({64, 1, 12, 12}, 0);
  const auto targets = (at::arange(64, at::kLong) * 7).remainder(10);
  std::int64_t begin = 0;
  for (const auto size : parts) {
    const auto output = reference::output_of(*network, inputs.slice(0, begin, begin + size));
    (reference::sum_of(*loss, output, targets.slice(0, begin, begin + size)) / 64).backward();
    begin += size;
  }
  REQUIRE(begin == 64);
  std::vector<at::Tensor> out;
  for (const auto& parameter : network->parameters()) out.push_back(parameter.grad());
  return out;
}

}  // namespace

TEST_CASE("a batch of 64 has the gradients of its parts, equal or not") {
  for (const Json& loss :
       {Json{{"name", "nll"}}, Json{{"name", "cross_entropy"}, {"label_smoothing", 0.1}}}) {
    const auto whole = gradients(loss, {64});
    for (const std::vector<std::int64_t>& parts :
         {std::vector<std::int64_t>{16, 16, 16, 16}, {30, 30, 4}}) {
      const auto accumulated = gradients(loss, parts);
      for (std::size_t i = 0; i < whole.size(); ++i)
        CHECK(distance(accumulated[i], whole[i]) < 1e-12);
    }
  }
}
