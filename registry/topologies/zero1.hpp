#pragma once

#include "registry/topologies/processes.hpp"

#include <memory>

namespace runner {

class Mesh;
class Strategy;
struct Network;

/// Stage 1 of Rajbhandari et al., "ZeRO: Memory Optimizations Toward Training Trillion Parameter
/// Models", 2020 (arXiv:1910.02054).
struct Zero1 {
  static constexpr auto summary =
      "ddp whose ranks keep the optimizer's state of a share of the parameters each";

  Devices devices;
  Exchange exchange;
  Processes processes;

  static constexpr auto fields() {
    return std::tuple{part(&Zero1::devices), part(&Zero1::exchange), part(&Zero1::processes)};
  }
};

inline Placement place(const Zero1& options) { return place(options.devices, options.processes); }

std::unique_ptr<Strategy> build(const Zero1& options, Network& network, const Mesh& mesh);

}  // namespace runner
