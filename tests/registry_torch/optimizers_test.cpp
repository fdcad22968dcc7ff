#include "registry/kinds.hpp"
#include "tests/reference/reference.hpp"

using namespace runner;
using reference::distance;
using reference::scatter;

namespace {

const std::array formats{reference::Format{"float64", at::kDouble, 1e-12},
                         reference::Format{"float32", at::kFloat, 1e-6}};

void set_gradients(std::vector<at::Tensor>& parameters, int step) {
  for (std::size_t i = 0; i < parameters.size(); ++i)
    parameters[i].mutable_grad() = scatter(
        parameters[i].sizes(), 10 + 2 * step + static_cast<int>(i), parameters[i].scalar_type());
  if (step % 3 == 0) parameters[1].mutable_grad().reset();
}

void check_every_step(const Json& reference_case, const reference::Format& format) {
  std::vector parameters{scatter({2, 3}, 0, format.type), scatter({4}, 1, format.type)};
  const auto optimizer = build_optimizer(reference_case.at("optimizer"), parameters);
  const auto gamma = reference_case.at("gamma").get<double>();
  int step = 0;
  for (const auto& expected : reference_case.at(format.name)) {
    CAPTURE(step);
    set_gradients(parameters, step);
    optimizer->step(optimizer->base_lr() * std::pow(gamma, step));
    for (std::size_t i = 0; i < parameters.size(); ++i)
      CHECK(distance(parameters[i], expected.at(i)) < format.tolerance);
    ++step;
  }
  CHECK(step == 10);
}

void check_all(const std::string& name) {
  int cases = 0;
  for (const auto& each : reference::load("optimizers")) {
    if (each.at("optimizer").at("name") != name) continue;
    for (const auto& format : formats) {
      CAPTURE(each.at("optimizer").dump());
      CAPTURE(format.name);
      check_every_step(each, format);
    }
    ++cases;
  }
  CHECK(cases >= 6);
}

std::string conflict(const Json& component) {
  const auto name = component.at("name").get<std::string>();
  return find_kind("optimizer")->find(name)->conflict(component);
}

}  // namespace

TEST_CASE("adadelta takes the steps that PyTorch's takes, with every option") {
  check_all("adadelta");
}

TEST_CASE("sgd takes the steps that PyTorch's takes, with every option") { check_all("sgd"); }

TEST_CASE("adamw takes the steps that PyTorch's takes, with every option") { check_all("adamw"); }

TEST_CASE("a parameter without a gradient is left as it is") {
  for (const auto* name : {"adadelta", "sgd", "adamw"}) {
    std::vector parameters{scatter({4}, 0), scatter({4}, 1)};
    parameters[0].mutable_grad() = scatter({4}, 2);
    const auto optimizer = build_optimizer({{"name", name}}, parameters);
    optimizer->step(1.0);
    CHECK_FALSE(parameters[0].equal(scatter({4}, 0)));
    CHECK(parameters[1].equal(scatter({4}, 1)));
  }
}

TEST_CASE("optimizers leave the gradients as they are") {
  for (const Json& component :
       {Json{{"name", "adadelta"}, {"weight_decay", 0.1}},
        Json{{"name", "sgd"}, {"momentum", 0.9}, {"nesterov", true}, {"weight_decay", 0.1}},
        Json{{"name", "sgd"}, {"momentum", 0.9}},
        Json{{"name", "adamw"}, {"amsgrad", true}, {"maximize", true}}}) {
    std::vector parameters{scatter({4}, 0)};
    parameters[0].mutable_grad() = scatter({4}, 1);
    const auto optimizer = build_optimizer(component, parameters);
    for (int step = 0; step < 3; ++step) optimizer->step(0.1);
    CHECK(parameters[0].grad().equal(scatter({4}, 1)));
  }
}

TEST_CASE("nesterov asks for momentum and no dampening") {
  const std::string expected = "nesterov needs momentum above 0 and dampening 0";
  CHECK(conflict({{"name", "sgd"}, {"nesterov", true}}) == expected);
  CHECK(conflict({{"name", "sgd"}, {"nesterov", true}, {"momentum", 0.9}, {"dampening", 0.1}}) ==
        expected);
  CHECK(conflict({{"name", "sgd"}, {"nesterov", true}, {"momentum", 0.9}}) == "");
  CHECK(conflict({{"name", "sgd"}, {"dampening", 0.1}}) == "");
}

TEST_CASE("adamw asks for two betas") {
  CHECK(conflict({{"name", "adamw"}, {"betas", {0.9}}}) == "betas needs two numbers");
  CHECK(conflict({{"name", "adamw"}, {"betas", {0.9, 0.99, 0.999}}}) == "betas needs two numbers");
  CHECK(conflict({{"name", "adamw"}}) == "");
}

TEST_CASE("adadelta's options never conflict") {
  CHECK(find_kind("optimizer")->find("adadelta")->conflict == nullptr);
}
