#pragma once

#include "registry/topologies/help.hpp"
#include "registry/topologies/placement.hpp"

#include <memory>

namespace runner {

class Ranks;
class Strategy;
struct Network;

/// Li et al., "PyTorch Distributed: Experiences on Accelerating Data Parallel Training", 2020
/// (arXiv:2006.15704); fields as in torch.nn.parallel.DistributedDataParallel.
struct Ddp {
  static constexpr auto summary =
      "every rank has the whole model; gradients are summed over ranks while backward goes on";

  std::optional<std::int64_t> devices;
  std::optional<std::int64_t> nodes;
  std::string device = "auto";
  std::optional<std::int64_t> threads;
  std::string backend = "auto";
  double bucket_mb = 25;
  bool find_unused_parameters = false;
  bool static_graph = false;
  bool gradient_as_bucket_view = true;
  std::string compression = "none";
  bool sync_batchnorm = true;
  std::string launcher = "auto";
  double heartbeat = 10;
  double timeout = 120;

  static constexpr auto fields() {
    namespace help = topology_help;
    return std::tuple{
        field("devices", &Ddp::devices, help::devices, help::devices_rule),
        field("nodes", &Ddp::nodes, help::nodes, help::devices_rule),
        field("device", &Ddp::device, help::device, help::device_rule),
        field("threads", &Ddp::threads, help::threads, range(1, 1024)),
        field("backend", &Ddp::backend, help::backend, help::backend_rule),
        field("bucket_mb", &Ddp::bucket_mb, help::bucket_mb, above(0)),
        field("find_unused_parameters", &Ddp::find_unused_parameters,
              "look in every step for parameters that the loss does not depend on"),
        field("static_graph", &Ddp::static_graph,
              "every step uses the same parameters in the same order"),
        field("gradient_as_bucket_view", &Ddp::gradient_as_bucket_view,
              "gradients live in the buckets: no copy of them"),
        field("compression", &Ddp::compression, "the number format in which gradients travel",
              one_of("none", "bf16", "fp16")),
        field("sync_batchnorm", &Ddp::sync_batchnorm, help::sync_batchnorm),
        field("launcher", &Ddp::launcher, help::launcher, help::launcher_rule),
        field("heartbeat", &Ddp::heartbeat, help::heartbeat, above(0)),
        field("timeout", &Ddp::timeout, help::timeout, above(0)),
    };
  }

  std::string conflict() const {
    return static_graph && find_unused_parameters
               ? "static_graph finds unused parameters by itself; find_unused_parameters must be "
                 "false with it"
               : "";
  }
};

inline Placement place(const Ddp& options) {
  return {false,           options.device,   options.devices,   options.nodes,
          options.threads, options.launcher, options.heartbeat, options.timeout};
}

std::unique_ptr<Strategy> build(const Ddp& options, Network& network, const Ranks& ranks);

}  // namespace runner
