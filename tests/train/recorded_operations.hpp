#pragma once

#include "registry/graph/device_graph.hpp"

#include <vector>

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>

namespace runner {

/// What a CUDA graph is to a GPU, on a CPU: ATen's operations with their arguments, done again on
/// the same memory. A number that the host gave is that of the capture, whatever it is now; and
/// nothing that is captured may come back to the host.
class RecordedOperations : public DeviceGraph {
 public:
  /// Counts its replays there.
  explicit RecordedOperations(int& replays) : replays_(replays) {}

  void capture(const std::function<void()>& work) override;
  void replay() override;

  /// For the dispatcher: does the operation, and notes it.
  void record(const c10::OperatorHandle& operation, torch::jit::Stack* stack);
  /// The one that captures on this thread.
  static RecordedOperations*& recording();

 private:
  struct Operation {
    c10::OperatorHandle handle;
    std::vector<c10::IValue> arguments, results;
  };

  std::vector<Operation> operations_;
  int& replays_;
};

}  // namespace runner
