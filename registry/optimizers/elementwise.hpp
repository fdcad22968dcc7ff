#pragma once

#include "registry/in_parallel.hpp"
#include "registry/optimizers/optimizer.hpp"
#include "registry/optimizers/tensors.hpp"
#include "registry/optimizers/widest.hpp"

#include <array>
#include <map>
#include <utility>

namespace runner {

/// The gradient to descend along: negated when maximizing, with the L2 penalty's gradient added.
inline Tensors descent(const Tensors& gradient, const Tensors& weights, double weight_decay,
                       bool maximize) {
  auto along = maximize ? -gradient : gradient;
  return weight_decay == 0 ? along : along + weight_decay * weights;
}
/// Without branches, of which a loop would need a copy for each case.
template <Number T>
T descent(T gradient, T weight, T weight_decay, bool maximize) {
  return (maximize ? T(-1) : T(1)) * gradient + weight_decay * weight;
}

/// An optimizer whose update of an element needs that element alone. On a CPU it is one pass over
/// memory, and not one for each operation; elsewhere, one foreach operation after the other.
///
/// `Formula<Scalar>` is the formula for one step: made of (options, lr, number of the parameter's
/// step from 1), it is called with (weights, gradient, state...), single numbers of type Scalar or
/// many tensors at once; `columns(options)` names the state. A name that is empty stands for a
/// state that these options do not use.
template <class Options, template <class> class Formula>
class Elementwise : public Optimizer {
 public:
  static constexpr std::size_t states = Formula<double>::states;

  Elementwise(const Options& options, std::vector<Parameter> parameters)
      : Optimizer(std::move(parameters), options.lr),
        options_(options),
        steps_(this->parameters().size(), 0) {
    const std::array<std::string, states> names = Formula<double>::columns(options);
    for (std::size_t s = 0; s < states; ++s)
      columns_[s] = names[s].empty() ? columns_[0] : &add_column(names[s]);
  }

  void visit_state(StateVisitor& visitor) override {
    Optimizer::visit_state(visitor);
    for (std::size_t i = 0; i < steps_.size(); ++i)
      visitor.value(parameters()[i].name + ".step", steps_[i]);
  }

 protected:
  Column& column(std::size_t state) { return *columns_[state]; }

 private:
  void update(const std::vector<std::size_t>& numbers, double lr) override {
    std::map<std::int64_t, std::vector<std::size_t>> rest;  // by their step
    for (const auto i : numbers) {
      ++steps_[i];
      if (!update_in_one_pass(i, lr)) rest[steps_[i]].push_back(i);
    }
    for (const auto& [step, those] : rest)
      update_together(those, Formula<double>(options_, lr, step),
                      std::make_index_sequence<states>{});
  }

  template <std::size_t... S>
  void update_together(const std::vector<std::size_t>& those, const Formula<double>& rule,
                       std::index_sequence<S...>) {
    MutableTensors weights(tensors(those));
    std::array<MutableTensors, states> state{MutableTensors(select(*columns_[S], those))...};
    rule(weights, Tensors(gradients(those)), state[S]...);
  }

  /// False when the tensor's elements do not lie one after the other in this process's memory.
  bool update_in_one_pass(std::size_t i, double lr) {
    const auto& weights = parameters()[i].tensor;
    const auto& gradient = weights.grad();
    if (!weights.is_cpu() || !weights.is_non_overlapping_and_dense() ||
        gradient.strides() != weights.strides() || gradient.scalar_type() != weights.scalar_type())
      return false;
    for (const auto* column : columns_)
      if ((*column)[i].strides() != weights.strides()) return false;
    constexpr std::make_index_sequence<states> index;
    if (weights.scalar_type() == at::kFloat)
      pass(i, Formula<float>(options_, lr, steps_[i]), index);
    else if (weights.scalar_type() == at::kDouble)
      pass(i, Formula<double>(options_, lr, steps_[i]), index);
    else
      return false;
    return true;
  }

  template <class Scalar, std::size_t... S>
  void pass(std::size_t i, const Formula<Scalar>& rule, std::index_sequence<S...>) {
    auto* weights = parameters()[i].tensor.template mutable_data_ptr<Scalar>();
    const auto* gradient = parameters()[i].tensor.grad().template const_data_ptr<Scalar>();
    const std::array<Scalar*, states> state{
        (*columns_[S])[i].template mutable_data_ptr<Scalar>()...};
    in_parallel(parameters()[i].tensor.numel(), [&](std::int64_t begin, std::int64_t end) {
      apply_widest(rule, weights, gradient, state, begin, end, std::index_sequence<S...>{});
    });
  }

  Options options_;
  std::vector<std::int64_t> steps_;  // one without a gradient does not count the step
  std::array<Column*, states> columns_;
};

}  // namespace runner
