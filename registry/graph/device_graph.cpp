#include "registry/graph/device_graph.hpp"

#include "registry/cuda_half.hpp"

namespace runner {

std::unique_ptr<DeviceGraph> make_cuda_graph(c10::Device gpu) {
  using Make = DeviceGraph* (*)(c10::Device);
  static const auto make = reinterpret_cast<Make>(find_in_cuda_half(cuda_graph_entry));
  return std::unique_ptr<DeviceGraph>(make(gpu));
}

}  // namespace runner
