#pragma once

#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

namespace runner {

/// What the host gives to the operations of a captured step, which come again on the same memory:
/// where the batch's samples stand, the learning rate, the keys of random numbers. They are filled
/// in anew before each time, and reach the device in one copy.
class StepInputs {
 public:
  /// Writes an input of the coming step into memory of the host.
  using Fill = std::function<void(at::Tensor& input)>;

  explicit StepInputs(c10::Device device);

  /// While it lives, what this thread asks of the device is captured.
  class Scope {
   public:
    explicit Scope(StepInputs& inputs);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    StepInputs* outer_;
  };

  /// Of this thread's innermost scope; null where nothing is captured.
  static StepInputs* current();

  /// Memory on the device that holds what `fill` writes before each time.
  at::Tensor add(at::IntArrayRef shape, at::ScalarType type, Fill fill);
  void refill();

 private:
  struct Input {
    std::int64_t begin, size;  ///< in bytes
    std::vector<std::int64_t> shape;
    at::ScalarType type;
    Fill fill;
  };
  /// Inputs that lie one after the other.
  struct Block {
    at::Tensor bytes;  ///< on the device
    std::int64_t used = 0;
    std::vector<Input> inputs;
  };

  Block& block_for(std::int64_t bytes);
  static at::Tensor view(const at::Tensor& bytes, const Input& input);

  c10::Device device_;
  std::vector<Block> blocks_;
};

/// What `fill` writes, on the device: now, or before each time that a captured step comes.
at::Tensor step_input(at::IntArrayRef shape, at::ScalarType type, c10::Device device,
                      const StepInputs::Fill& fill);

/// Whether loops of ours may go over a tensor's memory: on a CPU, unless a step is captured, which
/// is made of ATen's operations alone.
bool has_own_loops(const at::Tensor& tensor);

}  // namespace runner
