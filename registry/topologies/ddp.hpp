#pragma once

#include "registry/topologies/processes.hpp"

#include <memory>

namespace runner {

class Mesh;
class Strategy;
struct Network;

/// Li et al., "PyTorch Distributed: Experiences on Accelerating Data Parallel Training", 2020
/// (arXiv:2006.15704); fields as in torch.nn.parallel.DistributedDataParallel.
struct Ddp {
  static constexpr auto summary =
      "every rank has the whole model; gradients are summed over ranks while backward goes on";

  Devices devices;
  Exchange exchange;
  bool find_unused_parameters = false;
  bool static_graph = false;
  bool gradient_as_bucket_view = true;
  std::string compression = "none";
  Processes processes;

  static constexpr auto fields() {
    return std::tuple{
        part(&Ddp::devices),
        part(&Ddp::exchange),
        field("find_unused_parameters", &Ddp::find_unused_parameters,
              "look in every step for parameters that the loss does not depend on"),
        field("static_graph", &Ddp::static_graph,
              "every step uses the same parameters in the same order"),
        field("gradient_as_bucket_view", &Ddp::gradient_as_bucket_view,
              "gradients live in the buckets: no copy of them"),
        field("compression", &Ddp::compression, "the number format in which gradients travel",
              one_of<"none", "bf16", "fp16">),
        part(&Ddp::processes),
    };
  }

  std::string conflict() const {
    return static_graph && find_unused_parameters
               ? "static_graph finds unused parameters by itself; find_unused_parameters must be "
                 "false with it"
               : "";
  }
};

inline Placement place(const Ddp& options) { return place(options.devices, options.processes); }

std::unique_ptr<Strategy> build(const Ddp& options, Network& network, const Mesh& mesh);

}  // namespace runner
