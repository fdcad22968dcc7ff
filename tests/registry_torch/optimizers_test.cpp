#include "registry/kinds.hpp"
#include "tests/reference/reference.hpp"

using namespace runner;
using reference::distance;
using reference::scatter;

namespace {

const std::array formats{reference::Format{"float64", at::kDouble, 1e-12},
                         reference::Format{"float32", at::kFloat, 1e-6}};

std::vector<Parameter> named(const std::vector<at::Tensor>& tensors) {
  std::vector<Parameter> out;
  for (std::size_t i = 0; i < tensors.size(); ++i) out.push_back({std::to_string(i), tensors[i]});
  return out;
}

void set_gradients(std::vector<at::Tensor>& parameters, int step) {
  for (std::size_t i = 0; i < parameters.size(); ++i)
    parameters[i].mutable_grad() = scatter(
        parameters[i].sizes(), 10 + 2 * step + static_cast<int>(i), parameters[i].scalar_type());
  if (step % 3 == 0) parameters[1].mutable_grad().reset();
}

void check_every_step(const Json& reference_case, const reference::Format& format) {
  const auto& component = reference_case.at("optimizer");
  const auto second = component.at("name") == "muon" ? std::vector<std::int64_t>{5, 2}
                                                     : std::vector<std::int64_t>{4};
  std::vector parameters{scatter({2, 3}, 0, format.type), scatter(second, 1, format.type)};
  const auto optimizer = build_optimizer(reference_case.at("optimizer"), named(parameters));
  const auto gamma = reference_case.at("gamma").get<double>();
  int step = 0;
  for (const auto& expected : reference_case.at(format.name)) {
    CAPTURE(step);
    set_gradients(parameters, step);
    optimizer->step(optimizer->base_lr() * std::pow(gamma, step), nullptr);
    for (std::size_t i = 0; i < parameters.size(); ++i)
      CHECK(distance(parameters[i], expected.at(i)) < format.tolerance);
    ++step;
  }
  CHECK(step == 10);
}

void check_all(const std::string& name, int at_least = 6) {
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
  CHECK(cases >= at_least);
}

std::string conflict(const Json& component) {
  const auto name = component.at("name").get<std::string>();
  return find_kind("optimizer")->find(name)->conflict(component);
}

}  // namespace

TEST_CASE("adadelta takes the steps that PyTorch's takes, with every option") {
  check_all("adadelta");
}

TEST_CASE("adam takes the steps that PyTorch's takes, with every option") { check_all("adam", 9); }

TEST_CASE("adamax takes the steps that PyTorch's takes, with every option") { check_all("adamax"); }

TEST_CASE("nadam takes the steps that PyTorch's takes, with every option") { check_all("nadam"); }

TEST_CASE("radam takes the steps that PyTorch's takes, with every option") { check_all("radam"); }

TEST_CASE("adagrad takes the steps that PyTorch's takes, with every option") {
  check_all("adagrad");
}

TEST_CASE("rmsprop takes the steps that PyTorch's takes, with every option") {
  check_all("rmsprop");
}

TEST_CASE("lion takes the steps of its paper, with every option") { check_all("lion", 4); }

TEST_CASE("muon takes the steps that PyTorch's takes, with every option") { check_all("muon", 4); }

TEST_CASE("sgd takes the steps that PyTorch's takes, with every option") { check_all("sgd"); }

TEST_CASE("adamw takes the steps that PyTorch's takes, with every option") { check_all("adamw"); }

TEST_CASE("a parameter without a gradient is left as it is") {
  for (const auto* name : {"adadelta", "sgd", "adamw"}) {
    std::vector parameters{scatter({4}, 0), scatter({4}, 1)};
    parameters[0].mutable_grad() = scatter({4}, 2);
    const auto optimizer = build_optimizer({{"name", name}}, named(parameters));
    optimizer->step(1.0, nullptr);
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
    const auto optimizer = build_optimizer(component, named(parameters));
    for (int step = 0; step < 3; ++step) optimizer->step(0.1, nullptr);
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
  CHECK((find_kind("optimizer")->find("adadelta")->conflict == nullptr));
}
