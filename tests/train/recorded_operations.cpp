#include "tests/train/recorded_operations.hpp"

#include <ATen/ATen.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <torch/library.h>

namespace runner {
namespace {

/// A place below autograd that nobody else takes: there operations come as a device would see them.
constexpr auto recorder = c10::DispatchKey::Fake;

void copy_into(const c10::IValue& memory, const c10::IValue& value) {
  if (memory.isTensor() && memory.toTensor().defined()) {
    const auto& tensor = memory.toTensor();
    if (!tensor.is_alias_of(value.toTensor())) tensor.copy_(value.toTensor());
  } else if (memory.isTensorList()) {
    const auto tensors = memory.toTensorVector(), values = value.toTensorVector();
    for (std::size_t i = 0; i < tensors.size(); ++i) copy_into(tensors[i], values[i]);
  }
}

void note(const c10::OperatorHandle& operation, torch::jit::Stack* stack) {
  RecordedOperations::recording()->record(operation, stack);
}

TORCH_LIBRARY_IMPL(_, Fake, library) {
  library.fallback(torch::CppFunction::makeFromBoxedFunction<&note>());
}

}  // namespace

RecordedOperations*& RecordedOperations::recording() {
  thread_local RecordedOperations* recording = nullptr;
  return recording;
}

void RecordedOperations::capture(const std::function<void()>& work) {
  struct Recording {
    explicit Recording(RecordedOperations* by) { recording() = by; }
    ~Recording() { recording() = nullptr; }
  } const recording(this);
  operations_.clear();
  const c10::impl::IncludeDispatchKeyGuard include(recorder);
  work();
}

void RecordedOperations::record(const c10::OperatorHandle& operation, torch::jit::Stack* stack) {
  const auto& name = operation.schema().name();
  TORCH_CHECK(name != "aten::_local_scalar_dense" && name != "aten::equal",
              "operation not permitted when stream is capturing: ", name);
  const auto arguments = operation.schema().arguments().size();
  const auto results = operation.schema().returns().size();
  Operation noted{
      operation, {stack->end() - static_cast<std::ptrdiff_t>(arguments), stack->end()}, {}};
  {
    const c10::impl::ExcludeDispatchKeyGuard exclude(recorder);
    operation.callBoxed(stack);
  }
  noted.results = {stack->end() - static_cast<std::ptrdiff_t>(results), stack->end()};
  operations_.push_back(std::move(noted));
}

void RecordedOperations::replay() {
  ++replays_;
  const at::AutoDispatchBelowADInplaceOrView below_autograd;
  for (const auto& operation : operations_) {
    auto stack = operation.arguments;
    operation.handle.callBoxed(&stack);
    for (std::size_t i = 0; i < operation.results.size(); ++i)
      copy_into(operation.results[i], stack[i]);
  }
}

}  // namespace runner
