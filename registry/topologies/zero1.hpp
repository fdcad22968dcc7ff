#pragma once

#include "registry/topologies/help.hpp"
#include "registry/topologies/placement.hpp"

#include <memory>

namespace runner {

class Ranks;
class Strategy;
struct Network;

/// Stage 1 of Rajbhandari et al., "ZeRO: Memory Optimizations Toward Training Trillion Parameter
/// Models", 2020 (arXiv:1910.02054).
struct Zero1 {
  static constexpr auto summary =
      "ddp whose ranks keep the optimizer's state of a share of the parameters each";

  std::optional<std::int64_t> devices;
  std::optional<std::int64_t> nodes;
  std::string device = "auto";
  std::optional<std::int64_t> threads;
  std::string backend = "auto";
  double bucket_mb = 25;
  bool sync_batchnorm = true;
  std::string launcher = "auto";
  double heartbeat = 10;
  double timeout = 120;

  static constexpr auto fields() {
    namespace help = topology_help;
    return std::tuple{
        field("devices", &Zero1::devices, help::devices, help::devices_rule),
        field("nodes", &Zero1::nodes, help::nodes, help::devices_rule),
        field("device", &Zero1::device, help::device, help::device_rule),
        field("threads", &Zero1::threads, help::threads, range(1, 1024)),
        field("backend", &Zero1::backend, help::backend, help::backend_rule),
        field("bucket_mb", &Zero1::bucket_mb, help::bucket_mb, above(0)),
        field("sync_batchnorm", &Zero1::sync_batchnorm, help::sync_batchnorm),
        field("launcher", &Zero1::launcher, help::launcher, help::launcher_rule),
        field("heartbeat", &Zero1::heartbeat, help::heartbeat, above(0)),
        field("timeout", &Zero1::timeout, help::timeout, above(0)),
    };
  }
};

inline Placement place(const Zero1& options) {
  return {false,           options.device,   options.devices,   options.nodes,
          options.threads, options.launcher, options.heartbeat, options.timeout};
}

std::unique_ptr<Strategy> build(const Zero1& options, Network& network, const Ranks& ranks);

}  // namespace runner
