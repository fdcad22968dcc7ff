#include "registry/precisions/fp32_products.hpp"

#include <optional>

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <ATen/cpu/Utils.h>
#include <c10/util/Exception.h>
#include <torch/csrc/autograd/custom_function.h>

namespace runner {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// The numbers of `type` next to the input's, in fp32. The gradient is that of the identity.
struct Rounded : torch::autograd::Function<Rounded> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, at::ScalarType type) {
    context->saved_data["type"] = input.scalar_type();
    return input.to(type).to(at::kFloat);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    return {gradients[0].to(context->saved_data["type"].toScalarType()), {}};
  }
};

/// What autocast leaves alone, such as doubles, stays as it is.
bool casts(const at::Tensor& tensor) { return at::autocast::is_eligible(tensor, at::kCPU); }

template <class Operation>
at::Tensor in_fp32(const Operation& operation, const at::Tensor& input, const at::Tensor& weight,
                   const std::optional<at::Tensor>& bias) {
  const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::DispatchKey::AutocastCPU);
  if (!casts(input) || !casts(weight)) return operation(input, weight, bias);
  const auto type = at::autocast::get_autocast_dtype(at::kCPU);
  const auto rounded = [&](const at::Tensor& tensor) { return Rounded::apply(tensor, type); };
  const auto rounded_bias = bias && bias->defined() ? std::optional(rounded(*bias)) : std::nullopt;
  return operation(rounded(input), rounded(weight), rounded_bias).to(type);
}

// NOLINTBEGIN(performance-unnecessary-value-param): the dispatcher wants these very types.
at::Tensor conv2d(const at::Tensor& input, const at::Tensor& weight,
                  const std::optional<at::Tensor>& bias, c10::SymIntArrayRef stride,
                  c10::SymIntArrayRef padding, c10::SymIntArrayRef dilation,
                  c10::SymInt groups) {
  return in_fp32(
      [&](const auto& x, const auto& w, const auto& b) {
        return at::conv2d_symint(x, w, b, stride, padding, dilation, groups);
      },
      input, weight, bias);
}
// NOLINTEND(performance-unnecessary-value-param)

at::Tensor linear(const at::Tensor& input, const at::Tensor& weight,
                  const std::optional<at::Tensor>& bias) {
  return in_fp32([](const auto& x, const auto& w, const auto& b) { return at::linear(x, w, b); },
                 input, weight, bias);
}

/// That its own kernels are replaced is what PyTorch would warn of.
struct Silence : c10::WarningHandler {
  void process(const c10::Warning&) override {}
};

torch::Library replaced() {
  Silence silence;
  const c10::WarningUtils::WarningHandlerGuard guard(&silence);
  torch::Library library(torch::Library::IMPL, "aten", c10::DispatchKey::AutocastCPU, __FILE__,
                         __LINE__);
  library.impl("conv2d", TORCH_FN(conv2d));
  library.impl("linear", TORCH_FN(linear));
  return library;
}

}  // namespace

bool multiplies_fp32_faster() {
  auto cpu = at::cpu::get_cpu_capabilities();
  const auto has = [&](const char* name) { return cpu[name].isBool() && cpu[name].toBool(); };
  const auto says = [&](const char* name, const char* beginning) {
    return cpu[name].isString() && cpu[name].toStringRef().starts_with(beginning);
  };
  if (!says("architecture", "x86_64") || has("amx_bf16")) return false;
  return !has("avx512_bf16") || says("cpu_name", "Intel");
}

Fp32Products::Fp32Products() : library_(replaced()) {}

}  // namespace runner
