#pragma once

#include "registry/graph/step_inputs.hpp"
#include "registry/in_parallel.hpp"
#include "registry/layers/widest.hpp"
#include "registry/optimizers/float32.hpp"
#include "registry/optimizers/optimizer.hpp"
#include "registry/optimizers/tensors.hpp"

#include <array>
#include <map>
#include <utility>

namespace runner {

/// The gradient to descend along: negated when maximizing, with the L2 penalty's gradient added.
inline Tensors descent(const Tensors& gradient, const Tensors& weights,
                       const StepNumber& weight_decay, bool maximize) {
  auto along = maximize ? -gradient : gradient;
  return weight_decay == 0 ? along : along + weight_decay * weights;
}
/// Without branches, of which a loop would need a copy for each case.
template <Number T>
T descent(T gradient, T weight, T weight_decay, bool maximize) {
  return (maximize ? T(-1) : T(1)) * gradient + weight_decay * weight;
}

/// Applies an optimizer's formula to the elements [begin, end) of weights, gradient and state.
template <class Formula, class Scalar, std::size_t N, std::size_t... S>
[[gnu::always_inline]] inline void apply(const Formula& formula, Scalar* weights,
                                         const Scalar* gradient,
                                         const std::array<Scalar*, N>& state, std::int64_t begin,
                                         std::int64_t end, std::index_sequence<S...>) {
  // Copies on this thread's stack: the compiler sees that nobody else writes them.
  const auto here = formula;
  const auto state_here = state;
#ifdef __clang__
#pragma clang loop vectorize(assume_safety) interleave_count(1)
#else
#pragma GCC ivdep
#endif
  for (auto k = begin; k < end; ++k) here(weights[k], gradient[k], state_here[S][k]...);
}

/// An optimizer whose update of an element needs that element alone. On a CPU it is one pass over
/// memory, and not one for each operation; elsewhere, one foreach operation after the other. In
/// half precision it is computed in float32, and what is kept is rounded once.
///
/// `Formula<Scalar>` is the formula for one step: made of (options, lr, number of the parameter's
/// step from 1), it is called with (weights, gradient, state...), single numbers of type Scalar or
/// many tensors at once; `columns(options)` names the state. A name that is empty stands for a
/// state that these options do not use. `changing()` are those of its numbers that are others at
/// each step.
template <class Options, template <class> class Formula>
class Elementwise : public Optimizer {
 public:
  static constexpr std::size_t states = Formula<double>::states;

  Elementwise(const Options& options, std::vector<Parameter> parameters)
      : Optimizer(std::move(parameters), options.lr),
        options_(options),
        steps_(this->parameters().size(), 0) {
    const std::array<std::string, states> names = Formula<double>::columns(options);
    for (std::size_t s = 0; s < states; ++s) {
      is_used_[s] = !names[s].empty();
      columns_[s] = is_used_[s] ? &add_column(names[s]) : columns_[0];
    }
  }

  bool can_be_captured() const override { return true; }

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
    for (const auto& [step, those] : rest) {
      Formula<StepNumber> rule(options_, lr, step);
      if (StepInputs::current()) capture(rule, those.front());
      update_together(those, rule, std::make_index_sequence<states>{});
    }
    if (StepInputs::current()) captured_ = numbers;
  }

  /// What changes is read from the device's memory. The formula's parameters are all at the step of
  /// the `first`.
  void capture(Formula<StepNumber>& rule, std::size_t first) {
    const auto changing = rule.changing();
    const auto& weights = parameters()[first].tensor;
    const auto numbers =
        step_input({std::tuple_size_v<std::decay_t<decltype(changing)>>}, weights.scalar_type(),
                   weights.device(), [this, first](at::Tensor& numbers) {
                     Formula<double> now(options_, this->lr(), steps_[first]);
                     std::int64_t i = 0;
                     const auto write = [&](double number) { numbers[i++] = number; };
                     std::apply([&](const auto&... each) { (write(each), ...); }, now.changing());
                   });
    std::int64_t i = 0;
    const auto read = [&](StepNumber& number) { number = StepNumber(numbers[i++]); };
    std::apply([&](auto&... each) { (read(each), ...); }, changing);
  }

  void count_steps() override {
    for (const auto i : captured_) ++steps_[i];
  }

  template <std::size_t... S>
  void update_together(const std::vector<std::size_t>& those, const Formula<StepNumber>& rule,
                       std::index_sequence<S...>) {
    MutableTensors weights(in_float32(tensors(those)));
    std::array<MutableTensors, states> state{
        MutableTensors(in_float32(select(*columns_[S], those)))...};
    rule(weights, Tensors(in_float32(gradients(those))), state[S]...);
    round_into(tensors(those), weights.list());
    ((is_used_[S] ? round_into(select(*columns_[S], those), state[S].list()) : void()), ...);
  }

  /// False when the tensor's elements do not lie one after the other in this process's memory.
  bool update_in_one_pass(std::size_t i, double lr) {
    const auto& weights = parameters()[i].tensor;
    const auto& gradient = weights.grad();
    if (!has_own_loops(weights) || !weights.is_non_overlapping_and_dense() ||
        gradient.strides() != weights.strides() || gradient.scalar_type() != weights.scalar_type())
      return false;
    for (const auto* column : columns_)
      if ((*column)[i].strides() != weights.strides()) return false;
    constexpr std::make_index_sequence<states> index;
    const auto type = at::toOpMathType(weights.scalar_type());
    if (type == at::kFloat)
      pass(i, Formula<float>(options_, lr, steps_[i]), index);
    else if (type == at::kDouble)
      pass(i, Formula<double>(options_, lr, steps_[i]), index);
    else
      return false;
    return true;
  }

  template <class Scalar, std::size_t... S>
  void pass(std::size_t i, const Formula<Scalar>& rule, std::index_sequence<S...>) {
    const auto& parameter = parameters()[i].tensor;
    const auto weights = in_float32(parameter), gradient = in_float32(parameter.grad());
    const std::array<at::Tensor, states> state{in_float32((*columns_[S])[i])...};
    auto* weight = weights.template mutable_data_ptr<Scalar>();
    const auto* slope = gradient.template const_data_ptr<Scalar>();
    const std::array<Scalar*, states> averages{state[S].template mutable_data_ptr<Scalar>()...};
    in_parallel(parameter.numel(), [&](std::int64_t begin, std::int64_t end) {
      at_widest(RUNNER_INLINE_LAMBDA {
        apply(rule, weight, slope, averages, begin, end, std::index_sequence<S...>{});
      });
    });
    round_into(parameter, weights);
    ((is_used_[S] ? round_into((*columns_[S])[i], state[S]) : void()), ...);
  }

  Options options_;
  std::vector<std::int64_t> steps_;  // one without a gradient does not count the step
  std::vector<std::size_t> captured_;
  std::array<Column*, states> columns_;
  std::array<bool, states> is_used_;
};

}  // namespace runner
