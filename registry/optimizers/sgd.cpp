#include "registry/optimizers/sgd.hpp"

#include "registry/graph/step_inputs.hpp"
#include "registry/optimizers/float32.hpp"
#include "registry/optimizers/optimizer.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

class SgdOptimizer : public Optimizer {
 public:
  SgdOptimizer(const Sgd& options, std::vector<Parameter> parameters)
      : Optimizer(std::move(parameters), options.lr), options_(options) {
    if (options_.momentum != 0) momentum_ = &add_empty_column("momentum_buffer");
  }

  /// After the first step, since that one is of another kind where there is momentum.
  bool can_be_captured() const override { return true; }

 private:
  /// The first gradient starts a parameter's momentum, undampened, as PyTorch's does.
  void update(const std::vector<std::size_t>& numbers, double lr) override {
    if (!momentum_) return update(numbers, lr, false);
    std::vector<std::size_t> started, starting;
    for (const auto i : numbers) ((*momentum_)[i].defined() ? started : starting).push_back(i);
    for (const auto i : starting) (*momentum_)[i] = at::empty_like(parameters()[i].tensor);
    update(started, lr, false);
    update(starting, lr, true);
  }

  void update(const std::vector<std::size_t>& numbers, double lr, bool first) {
    if (numbers.empty()) return;
    const auto& weights = parameters()[numbers.front()].tensor;
    if (weights.is_cpu() && at::isReducedFloatingType(weights.scalar_type()))
      return update_in_float32(numbers, lr, first);
    const auto momentum = momentum_ ? select(*momentum_, numbers) : std::vector<at::Tensor>{};
    const auto with = [&](const auto& rate) {
      fused(tensors(numbers), gradients(numbers), momentum, rate, first);
    };
    StepInputs::current() ? with(captured_lr(numbers.front())) : with(lr);
  }

  /// The fused kernel of CPUs leaves most elements of half precision as they are (pytorch#191763).
  void update_in_float32(const std::vector<std::size_t>& numbers, double lr, bool first) {
    for (const auto i : numbers) {
      const auto& kept = parameters()[i].tensor;
      const auto weights = in_float32(kept);
      std::vector<at::Tensor> momentum;
      if (momentum_) momentum.push_back(in_float32((*momentum_)[i]));
      fused({weights}, {in_float32(kept.grad())}, momentum, lr, first);
      round_into(kept, weights);
      if (momentum_) round_into((*momentum_)[i], momentum.front());
    }
  }

  void fused(at::TensorList weights, at::TensorList gradients, at::TensorList momentum,
             const auto& rate, bool first) {
    at::_fused_sgd_(weights, gradients, momentum, options_.weight_decay, options_.momentum, rate,
                    options_.dampening, options_.nesterov, options_.maximize, first);
  }

  Sgd options_;
  Column* momentum_ = nullptr;
};

}  // namespace

std::unique_ptr<Optimizer> build(const Sgd& options, std::vector<Parameter> parameters) {
  return std::make_unique<SgdOptimizer>(options, std::move(parameters));
}

}  // namespace runner
