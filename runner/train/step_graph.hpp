#pragma once

#include "registry/graph/device_graph.hpp"
#include "registry/graph/step_inputs.hpp"
#include "runner/train/state_copy.hpp"

#include <functional>
#include <memory>
#include <string>

#include <ATen/core/Tensor.h>

namespace runner {

/// What a step leaves on the device.
struct Stepped {
  at::Tensor loss_sum;       ///< over the batch
  at::Tensor gradient_norm;  ///< before clipping; undefined unless it was needed
};

/// A training step as one graph of the device. The first steps go without, so that libraries and
/// the optimizer's state are there; then one is captured. The graph takes over once it has done a
/// later step as that is done without it: a number that the host once gave, and that should have
/// been another, is found before it spoils a run.
class StepGraph {
 public:
  struct Step {
    std::function<Stepped()> work;  ///< all that a step asks of the device
    std::function<void()> seed;     ///< the generators, before `work` or the graph
    std::function<void()> repeat;   ///< the host's part in a step that the graph does
    StateCopy::Visit visit;         ///< what a step changes
    std::function<void(const std::string& reason)> tell_of_failure;
  };

  StepGraph(std::unique_ptr<DeviceGraph> graph, c10::Device device, Step step);

  /// One step. The device's generators have been seeded.
  Stepped run();

 private:
  enum class Stage { warm_up, captured, trusted, given_up };

  Stepped capture();
  Stepped compare();
  Stepped replay();
  void give_up(const std::string& reason);

  std::unique_ptr<DeviceGraph> graph_;
  StepInputs inputs_;
  Step step_;
  Stage stage_ = Stage::warm_up;
  int steps_ = 0;
  Stepped stepped_;  ///< where the graph leaves it
};

}  // namespace runner
