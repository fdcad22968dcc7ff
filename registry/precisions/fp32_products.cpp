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
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input,
                            at::ScalarType type) {
    context->saved_data["type"] = input.scalar_type();
    return input.to(type).to(at::kFloat);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    return {gradients[0].to(context->saved_data["type"].toScalarType()), {}};
  }
};

/// What autocast leaves alone, such as doubles. A bias may be undefined.
bool stays(const at::Tensor& tensor) {
  return tensor.defined() && !at::autocast::is_eligible(tensor, at::kCPU);
}

template <class Operation, class... Tensors>
at::Tensor in_fp32(const Operation& operation, const Tensors&... operands) {
  const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::DispatchKey::AutocastCPU);
  if ((stays(operands) || ...)) return operation(operands...);
  const auto type = at::autocast::get_autocast_dtype(at::kCPU);
  const auto rounded = [&](const at::Tensor& tensor) {
    return tensor.defined() ? Rounded::apply(tensor, type) : tensor;
  };
  return operation(rounded(operands)...).to(type);
}

at::Tensor defined_or_not(const std::optional<at::Tensor>& bias) {
  return bias.value_or(at::Tensor());
}

// NOLINTBEGIN(performance-unnecessary-value-param): the dispatcher wants these very types.
at::Tensor conv2d(const at::Tensor& input, const at::Tensor& weight,
                  const std::optional<at::Tensor>& bias, c10::SymIntArrayRef stride,
                  c10::SymIntArrayRef padding, c10::SymIntArrayRef dilation, c10::SymInt groups) {
  return in_fp32(
      [&](const auto& x, const auto& w, const auto& b) {
        return at::conv2d_symint(x, w, b, stride, padding, dilation, groups);
      },
      input, weight, defined_or_not(bias));
}
// NOLINTEND(performance-unnecessary-value-param)

at::Tensor linear(const at::Tensor& input, const at::Tensor& weight,
                  const std::optional<at::Tensor>& bias) {
  return in_fp32([](const auto& x, const auto& w, const auto& b) { return at::linear(x, w, b); },
                 input, weight, defined_or_not(bias));
}

at::Tensor addmm(const at::Tensor& sum, const at::Tensor& left, const at::Tensor& right,
                 const at::Scalar& beta, const at::Scalar& alpha) {
  return in_fp32(
      [&](const auto& s, const auto& l, const auto& r) { return at::addmm(s, l, r, beta, alpha); },
      sum, left, right);
}

at::Tensor matmul(const at::Tensor& left, const at::Tensor& right) {
  return in_fp32([](const auto& l, const auto& r) { return at::matmul(l, r); }, left, right);
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
  library.impl("addmm", TORCH_FN(addmm));
  library.impl("matmul", TORCH_FN(matmul));
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
