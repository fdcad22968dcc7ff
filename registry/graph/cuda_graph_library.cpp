#include "registry/graph/device_graph.hpp"

#include <ATen/cuda/CUDAContext.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>

namespace runner {
namespace {

class CudaGraph : public DeviceGraph {
 public:
  explicit CudaGraph(c10::Device gpu) : stream_(on_a_stream_of_its_own(gpu)) {}

  void capture(const std::function<void()>& work) override {
    c10::cuda::device_synchronize();
    graph_.reset();
    // Other threads, such as one that writes a checkpoint, may go on as they like.
    graph_.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
    try {
      work();
    } catch (...) {
      give_up();
      throw;
    }
    graph_.capture_end();
  }

  void replay() override { graph_.replay(); }

 private:
  static c10::cuda::CUDAStream on_a_stream_of_its_own(c10::Device gpu) {
    c10::cuda::device_synchronize();
    constexpr bool high_priority = false;
    return c10::cuda::getStreamFromPool(high_priority, gpu.index());
  }

  /// Of what went wrong, the first is worth telling.
  void give_up() {
    try {
      graph_.capture_end();
    } catch (const c10::Error&) {
      static_cast<void>(cudaGetLastError());
    }
  }

  c10::cuda::CUDAStreamGuard stream_;
  at::cuda::CUDAGraph graph_;
};

}  // namespace
}  // namespace runner

extern "C" runner::DeviceGraph* runner_make_cuda_graph(c10::Device gpu) {
  return new runner::CudaGraph(gpu);
}
