#include "registry/graph/step_inputs.hpp"

#include <algorithm>
#include <utility>

#include <ATen/ATen.h>

namespace runner {
namespace {

thread_local StepInputs* innermost = nullptr;

constexpr bool non_blocking = true;
constexpr std::int64_t least_block_bytes = 1 << 18;

/// What goes to a GPU without a wait comes from pages that stay where they are.
at::Tensor host_memory(at::IntArrayRef shape, at::ScalarType type, c10::Device reader) {
  return at::empty(shape, at::TensorOptions(type).pinned_memory(reader.is_cuda()));
}

/// Where the next input may begin: any type can be read from there.
std::int64_t aligned(std::int64_t bytes) {
  constexpr std::int64_t alignment = 16;
  return (bytes + alignment - 1) / alignment * alignment;
}

}  // namespace

/// What is taken while a step is captured would be taken of the graph's own memory. Zeros are
/// numbers of samples and learning rates, too, where the capture itself does something.
StepInputs::StepInputs(c10::Device device) : device_(device) {
  block_for(least_block_bytes).bytes.zero_();
}

StepInputs::Scope::Scope(StepInputs& inputs) : outer_(std::exchange(innermost, &inputs)) {}
StepInputs::Scope::~Scope() { innermost = outer_; }

StepInputs* StepInputs::current() { return innermost; }

at::Tensor StepInputs::add(at::IntArrayRef shape, at::ScalarType type, Fill fill) {
  const auto size = c10::multiply_integers(shape) * static_cast<std::int64_t>(elementSize(type));
  auto& block = block_for(size);
  block.inputs.push_back({block.used, size, shape.vec(), type, std::move(fill)});
  block.used += aligned(size);
  return view(block.bytes, block.inputs.back());
}

StepInputs::Block& StepInputs::block_for(std::int64_t bytes) {
  const auto has_room = [&](const Block& block) {
    return block.used + bytes <= block.bytes.numel();
  };
  if (blocks_.empty() || !has_room(blocks_.back())) {
    const auto size = std::max(least_block_bytes, aligned(bytes));
    blocks_.push_back({at::empty({size}, at::TensorOptions(at::kByte).device(device_)), 0, {}});
  }
  return blocks_.back();
}

at::Tensor StepInputs::view(const at::Tensor& bytes, const Input& input) {
  return bytes.narrow(0, input.begin, input.size).view(input.type).view(input.shape);
}

void StepInputs::refill() {
  for (auto& block : blocks_) {
    // New memory each time: the device may not have read the last yet.
    const auto bytes = host_memory({block.used}, at::kByte, device_);
    for (const auto& input : block.inputs) {
      auto values = view(bytes, input);
      input.fill(values);
    }
    block.bytes.narrow(0, 0, block.used).copy_(bytes, non_blocking);
  }
}

at::Tensor step_input(at::IntArrayRef shape, at::ScalarType type, c10::Device device,
                      const StepInputs::Fill& fill) {
  if (auto* captured = StepInputs::current()) return captured->add(shape, type, fill);
  auto values = host_memory(shape, type, device);
  fill(values);
  return values.to(device, non_blocking);
}

bool has_own_loops(const at::Tensor& tensor) { return tensor.is_cpu() && !StepInputs::current(); }

}  // namespace runner
