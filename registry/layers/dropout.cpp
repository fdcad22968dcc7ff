#include "registry/layers/dropout.hpp"

#include "registry/graph/step_inputs.hpp"
#include "registry/layers/mask.hpp"
#include "registry/layers/sample_scope.hpp"

#include <ostream>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

namespace runner {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct SampleDropout : torch::autograd::Function<SampleDropout> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, double p,
                            std::int64_t layer_key, std::int64_t first) {
    context->saved_data["p"] = p;
    context->saved_data["layer_key"] = layer_key;
    context->saved_data["first"] = first;
    return Mask{p, static_cast<std::uint64_t>(layer_key), first}.apply(input);
  }

  // It is linear: backward is the same function.
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    auto& saved = context->saved_data;
    return {apply(gradients[0], saved["p"].toDouble(), saved["layer_key"].toInt(),
                  saved["first"].toInt()),
            {},
            {},
            {}};
  }
};

}  // namespace

at::Tensor sample_dropout(const at::Tensor& input, double p, std::uint64_t layer_key,
                          std::int64_t first) {
  if (p == 0) return input;
  return SampleDropout::apply(input, p, static_cast<std::int64_t>(layer_key), first);
}

DropoutImpl::DropoutImpl(double p) : p_(p) {
  TORCH_CHECK(p >= 0 && p <= 1, "dropout probability has to be between 0 and 1, but got ", p);
}

at::Tensor DropoutImpl::forward(const at::Tensor& input) {
  if (!is_training() || !draws()) return input;
  auto* scope = SampleScope::current();
  if (scope == nullptr) return at::dropout(input, p_, true);
  const auto path = path_key();
  const auto call = scope->count_call(path);
  if (has_own_loops(input))
    return sample_dropout(input, p_, scope->layer_key(path, call), scope->first());
  Mask::check(input);
  if (input.numel() == 0) return input;
  // A captured step comes again in the scope of another.
  const auto write_keys = [path, call, p = p_, first = scope->first()](at::Tensor& keys) {
    Mask{p, SampleScope::current()->layer_key(path, call), first}.write_keys(keys);
  };
  return Mask::apply_by_operations(
      input, p_, step_input({2, input.size(0), 1}, at::kInt, input.device(), write_keys));
}

void DropoutImpl::pretty_print(std::ostream& stream) const {
  stream << "runner::Dropout(p=" << p_ << ')';
}

}  // namespace runner
