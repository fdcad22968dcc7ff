#include "registry/kinds.hpp"
#include "registry/precisions/precision.hpp"
#include "tests/reference/reference.hpp"
#include "tests/registry_torch/plain_loop.hpp"

#include <limits>
#include <set>

using namespace runner;
using reference::distance;
using reference::scatter;

// No kernel is believed unseen: each element that an optimizer updates is held against PyTorch's
// plain loop, in the types that the precisions keep weights in.

namespace {

/// A million elements and more go through loops of their own: vectors, threads.
const std::vector<std::int64_t> sizes = [] {
  std::vector<std::int64_t> all{1'000'003};
  for (std::int64_t size = 1; size <= 100; ++size) all.push_back(size);
  return all;
}();

/// L-BFGS is no loop over elements: its steps are PyTorch's (lbfgs_test.cpp).
const std::vector<Json> cases{
    {{"name", "sgd"}},
    {{"name", "sgd"}, {"weight_decay", 0.1}, {"maximize", true}},
    {{"name", "sgd"}, {"momentum", 0.9}, {"dampening", 0.3}},
    {{"name", "sgd"}, {"momentum", 0.9}, {"nesterov", true}},
    {{"name", "adam"}, {"weight_decay", 0.1}},
    {{"name", "adam"}, {"weight_decay", 0.1}, {"decoupled_weight_decay", true}},
    {{"name", "adamw"}},
    {{"name", "adamw"}, {"amsgrad", true}, {"maximize", true}},
    {{"name", "adamax"}, {"weight_decay", 0.1}},
    {{"name", "nadam"}, {"weight_decay", 0.1}},
    {{"name", "nadam"}, {"weight_decay", 0.1}, {"decoupled_weight_decay", true}},
    {{"name", "radam"}, {"weight_decay", 0.1}, {"decoupled_weight_decay", true}},
    {{"name", "radam"}, {"betas", {0.9, 0.7}}},
    {{"name", "adagrad"}, {"lr_decay", 0.1}, {"initial_accumulator_value", 0.1}},
    {{"name", "adadelta"}, {"weight_decay", 0.1}},
    {{"name", "rmsprop"}},
    {{"name", "rmsprop"}, {"centered", true}, {"momentum", 0.9}},
    {{"name", "lion"}, {"weight_decay", 0.1}},
    {{"name", "muon"}},
};

std::string name_of(const Json& component) { return component.at("name"); }

std::set<at::ScalarType> weight_types() {
  std::set<at::ScalarType> types;
  for (const auto& precision : find_kind("precision")->components)
    types.insert(build_precision({{"name", precision.name}})->type);
  return types;
}

/// Updates are then smaller than the weights, and larger than bfloat16's steps between them.
constexpr double lr = 0.01;

/// Away from 0, where what an update leaves of a weight would be small beside both.
at::Tensor some_weights(at::IntArrayRef shape, at::ScalarType type) {
  const auto numbers = scatter(shape, 0);
  return (numbers + at::where(numbers < 0, -0.5, 0.5)).to(type);
}

/// Its running averages, by their names in PyTorch.
std::map<std::string, at::Tensor> state_of(Optimizer& optimizer) {
  struct Reader : StateVisitor {
    void tensor(const std::string& name, at::Tensor& tensor) override {
      if (tensor.defined()) found[name.substr(name.find('.') + 1)] = tensor;
    }
    void exchange(const std::string&, Json&) override {}
    std::map<std::string, at::Tensor> found;
  } reader;
  optimizer.visit_state(reader);
  return reader.found;
}

/// The distance to the next number beyond, element by element.
at::Tensor spacing(const at::Tensor& numbers) {
  const auto beyond = at::full_like(numbers, std::numeric_limits<double>::infinity());
  return at::nextafter(numbers.abs(), beyond) - numbers.abs();
}

/// How far the worst element is from the plain loop's, of what is allowed: two units in the last
/// place of the larger of old weight and update, and in half precision half a unit of its own.
double worst(const at::Tensor& found, const at::Tensor& old, const at::Tensor& wanted) {
  auto allowed = 2 * spacing(at::maximum(old.abs(), (wanted - old).abs()));
  auto away = (found.to(wanted.scalar_type()) - wanted).abs();
  if (found.scalar_type() == at::kBFloat16) {
    // 2^-8 of the power of two below it; where wanted is just below that power, found is it.
    const auto exponent =
        std::get<1>(at::frexp(at::maximum(wanted.abs(), found.to(at::kFloat).abs())));
    allowed = allowed + at::ldexp(at::ones_like(wanted), exponent - 9);
  }
  return (away / allowed).max().item<double>();
}

/// The worst element of several steps. In half precision the plain loop computes in float32 from
/// the weights and averages as they are kept; what Muon computes in bfloat16 anyway is the same.
double worst_of_steps(const Json& component, at::IntArrayRef shape, at::ScalarType type) {
  const auto wide = type == at::kBFloat16 ? at::kFloat : type;
  const auto weights = some_weights(shape, type);
  const auto optimizer = build_optimizer(component, {{"w", weights}});
  PlainLoop plain(component);
  double worst_so_far = 0;
  const int steps = c10::multiply_integers(shape) > 100 ? 3 : 6;
  for (int step = 0; step < steps; ++step) {
    const auto gradient = scatter(shape, 10 + step, type);
    const auto old = weights.to(wide, false, true);
    if (type != wide)
      for (const auto& [name, average] : state_of(*optimizer))
        if (step > 0) plain.state(name) = average.to(wide, false, true);
    weights.mutable_grad() = gradient;
    optimizer->step(lr, nullptr);
    auto wanted = old.clone();
    plain.step(wanted, gradient.to(wide), lr);
    worst_so_far = std::max(worst_so_far, worst(weights, old, wanted));
  }
  return worst_so_far;
}

}  // namespace

TEST_CASE("the plain loops are PyTorch's") {
  int compared = 0;
  for (const auto& each : reference::load("optimizers")) {
    const auto& component = each.at("optimizer");
    CAPTURE(component.dump());
    const auto name = name_of(component);
    const auto base = build_optimizer(component, {})->base_lr();
    auto weights = scatter({2, 3}, 0);
    PlainLoop plain(component);
    for (int step = 0; step < 10; ++step) {
      plain.step(weights, scatter({2, 3}, 10 + 2 * step),
                 base * std::pow(each.at("gamma").get<double>(), step));
      CHECK(distance(weights, each.at("float64").at(static_cast<std::size_t>(step)).at(0)) < 1e-14);
    }
    ++compared;
  }
  CHECK(compared > 50);
}

TEST_CASE("every optimizer that updates element by element is among those compared") {
  std::set<std::string> compared;
  for (const auto& component : cases) compared.insert(name_of(component));
  for (const auto& optimizer : find_kind("optimizer")->components) {
    if (optimizer.updates_all) continue;
    CAPTURE(optimizer.name);
    CHECK(compared.contains(optimizer.name));
  }
}

TEST_CASE("every optimizer updates every element as PyTorch's plain loop, in every type") {
  CHECK(weight_types() == std::set{at::kFloat, at::kDouble, at::kBFloat16});
  for (const auto& component : cases) {
    if (name_of(component) == "muon") continue;
    CAPTURE(component.dump());
    for (const auto type : weight_types()) {
      const std::string type_name = c10::toString(type);
      CAPTURE(type_name);
      for (const auto size : sizes) {
        CAPTURE(size);
        const auto worst = worst_of_steps(component, {size}, type);
        CHECK(worst <= 1);
        if (worst > 1) break;
      }
    }
  }
}

TEST_CASE("muon's matrices are the plain loop's, bit for bit") {
  for (const auto type : weight_types())
    for (const auto& shape : std::vector<std::vector<std::int64_t>>{
             {1, 1}, {1, 7}, {9, 2}, {5, 5}, {17, 33}, {100, 31}, {128, 256}}) {
      CAPTURE(std::string(c10::toString(type)));
      CAPTURE(shape);
      const auto weights = some_weights(shape, type);
      auto wanted = weights.clone();
      const auto optimizer = build_optimizer({{"name", "muon"}}, {{"w", weights}});
      PlainLoop plain({{"name", "muon"}});
      for (int step = 0; step < 3; ++step) {
        const auto gradient = scatter(shape, 10 + step, type);
        weights.mutable_grad() = gradient;
        optimizer->step(0.05, nullptr);
        plain.step(wanted, gradient, 0.05);
        CHECK(weights.equal(wanted));
      }
    }
}
