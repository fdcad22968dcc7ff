#include "registry/optimizers/sgd.hpp"

#include "registry/graph/step_inputs.hpp"
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
    const auto momentum = momentum_ ? select(*momentum_, numbers) : std::vector<at::Tensor>{};
    const auto with = [&](const auto& rate) {
      at::_fused_sgd_(tensors(numbers), gradients(numbers), momentum, options_.weight_decay,
                      options_.momentum, rate, options_.dampening, options_.nesterov,
                      options_.maximize, first);
    };
    StepInputs::current() ? with(captured_lr(numbers.front())) : with(lr);
  }

  Sgd options_;
  Column* momentum_ = nullptr;
};

}  // namespace

std::unique_ptr<Optimizer> build(const Sgd& options, std::vector<Parameter> parameters) {
  return std::make_unique<SgdOptimizer>(options, std::move(parameters));
}

}  // namespace runner
