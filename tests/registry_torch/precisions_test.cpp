#include "tests/reference/reference.hpp"

#include <ATen/autocast_mode.h>

using namespace runner;
using reference::distance;
using reference::scatter;
using reference::type_of;

namespace {

struct State {
  bool enabled;
  at::ScalarType type;
  bool operator==(const State&) const = default;
};

State autocast_state() {
  return {at::autocast::is_autocast_enabled(at::kCPU), at::autocast::get_autocast_dtype(at::kCPU)};
}

/// Autocast of a registered precision.
struct Running : Autocast {
  explicit Running(const char* precision)
      : Autocast(*build_precision({{"name", precision}}), at::kCPU) {}
};

}  // namespace

TEST_CASE("bf16-mixed gives the outputs that PyTorch's autocast gives") {
  for (const auto& each : reference::load("networks")) {
    CAPTURE(each.at("model").dump());
    const auto network = build_model(each.at("model"), reference::images({1, 28, 28}, 10));
    network->eval();
    reference::set_weights(*network);
    const auto batch = scatter({4, 1, 28, 28}, each.at("stream").get<std::int64_t>(), at::kFloat);
    const Running autocast("bf16-mixed");
    const auto output = reference::output_of(*network, batch);
    CHECK(type_of(output) == "BFloat16");
    CHECK(distance(output, each.at("bf16-mixed")) < 1e-2);
  }
}

TEST_CASE("bf16-mixed multiplies in bfloat16 and keeps weights and gradients in fp32") {
  const auto network = build_model({{"name", "mnist_cnn"}}, reference::images({1, 12, 12}, 10));
  const auto target = at::arange(4, at::kLong);
  at::Tensor loss;
  {
    const Running autocast("bf16-mixed");
    CHECK(type_of(at::matmul(scatter({2, 2}, 0, at::kFloat), scatter({2, 2}, 1, at::kFloat))) ==
          "BFloat16");
    const auto output = reference::output_of(*network, scatter({4, 1, 12, 12}, 0, at::kFloat));
    loss = reference::sum_of(*build_loss({{"name", "nll"}}, reference::of_classes(10)), output,
                             target);
  }
  loss.backward();
  CHECK(type_of(loss) == "Float");
  for (const auto& parameter : network->parameters()) {
    CHECK(type_of(parameter) == "Float");
    CHECK(type_of(parameter.grad()) == "Float");
  }
}

TEST_CASE("fp32 computes in fp32") {
  const Running autocast("fp32");
  CHECK(type_of(at::matmul(scatter({2, 2}, 0, at::kFloat), scatter({2, 2}, 1, at::kFloat))) ==
        "Float");
}

TEST_CASE("autocast ends with its scope, also when an exception ends it") {
  const auto before = autocast_state();
  CHECK_FALSE(before.enabled);
  try {
    const Running autocast("bf16-mixed");
    CHECK(autocast_state() == State{true, at::kBFloat16});
    throw std::runtime_error("a step that fails");
  } catch (const std::runtime_error&) {
  }
  CHECK(autocast_state() == before);
}

TEST_CASE("autocast inside autocast gives back the outer one's state") {
  at::autocast::set_autocast_dtype(at::kCPU, at::kHalf);
  const auto before = autocast_state();
  {
    const Running outer("bf16-mixed");
    { const Running inner("bf16-mixed"); }
    CHECK(autocast_state() == State{true, at::kBFloat16});
  }
  CHECK(autocast_state() == before);
  at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
}

TEST_CASE("a step sees the weights that the step before it left") {
  const auto weight = scatter({4, 4}, 0, at::kFloat).requires_grad_();
  const auto vector = scatter({4}, 1, at::kFloat);
  const auto product = [&] {
    const Running autocast("bf16-mixed");
    return at::matmul(weight, vector);
  };
  const auto first = product();
  {
    const at::NoGradGuard no_grad;
    weight.mul_(2);
  }
  CHECK(product().equal(first * 2));
}
