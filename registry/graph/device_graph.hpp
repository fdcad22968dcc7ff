#pragma once

#include <functional>
#include <memory>

#include <c10/core/Device.h>

namespace runner {

/// Operations that a device remembers, to be done again in one call. One of a GPU is a CUDA graph:
/// the host's time for a step no longer depends on how many operations it has.
class DeviceGraph {
 public:
  DeviceGraph() = default;
  virtual ~DeviceGraph() = default;
  DeviceGraph(const DeviceGraph&) = delete;
  DeviceGraph& operator=(const DeviceGraph&) = delete;

  /// Remembers what `work` asks of the device, which does not do it. Throws what `work` throws, and
  /// c10::Error for what cannot be remembered, such as waiting for the device.
  virtual void capture(const std::function<void()>& work) = 0;
  /// Does all of it again, on the same memory.
  virtual void replay() = 0;
};

/// A graph of this GPU. From then on this thread's operations have a stream of their own, since
/// the default one cannot be captured; its end brings back the stream before.
std::unique_ptr<DeviceGraph> make_cuda_graph(c10::Device gpu);

/// What librunner-cuda.so exports: gives an owning DeviceGraph*.
constexpr auto cuda_graph_entry = "runner_make_cuda_graph";

}  // namespace runner
