#pragma once

#include "registry/field.hpp"
#include "registry/topologies/placement.hpp"

namespace runner {

// What topologies of many ranks have in common.

/// The processes of a run, wherever they are.
struct Processes {
  std::optional<std::int64_t> threads;
  std::string launcher = "auto";
  double heartbeat = 10;
  double timeout = 120;
  std::int64_t restarts = 0;

  static constexpr auto fields() {
    return std::tuple{
        field("threads", &Processes::threads,
              "CPU threads of each rank; null: the cores divided among the ranks", range(1, 1024)),
        field("launcher", &Processes::launcher,
              "who starts the ranks; auto: found in the environment",
              one_of<"auto", "self", "slurm", "srun", "torchrun", "mpi">),
        field("heartbeat", &Processes::heartbeat,
              "seconds after which a rank that hangs ends the run", above(0)),
        field("timeout", &Processes::timeout, "seconds in which all ranks must have come together",
              above(0)),
        field("restarts", &Processes::restarts,
              "how often the run goes on from its last checkpoint after a rank has failed",
              at_least(0)),
    };
  }
};

/// How many ranks there are to be, and on what.
struct Devices {
  std::optional<std::int64_t> devices;
  std::optional<CountRange> nodes;
  std::string device = "auto";

  static constexpr auto fields() {
    return std::tuple{
        field("devices", &Devices::devices,
              "ranks on each node, one for each device; null: all GPUs, or what the launcher "
              "started",
              range(1, 1024)),
        field("nodes", &Devices::nodes,
              "machines, or a range such as 1..4: any number of it, with the same result; null: as "
              "many as the launcher has",
              range(1, 1024)),
        field("device", &Devices::device, "where ranks run; auto: on GPUs where there are some",
              one_of<"auto", "cpu", "cuda">),
    };
  }
};

/// How ranks exchange gradients and statistics.
struct Exchange {
  std::string backend = "auto";
  double bucket_mb = 25;
  bool sync_batchnorm = true;

  static constexpr auto fields() {
    return std::tuple{
        field("backend", &Exchange::backend,
              "what carries tensors between ranks; auto: nccl on GPUs, gloo on CPUs, and on one "
              "host the sums of gradients through shared memory",
              one_of<"auto", "nccl", "gloo">),
        field("bucket_mb", &Exchange::bucket_mb,
              "gradients travel in buckets of this size (MiB), while backward goes on", above(0)),
        field("sync_batchnorm", &Exchange::sync_batchnorm,
              "batch norm takes its statistics over all ranks: the result of one rank"),
    };
  }
};

inline Placement place(const Devices& devices, const Processes& processes) {
  return {false,
          devices.device,
          devices.devices,
          devices.nodes,
          processes.threads,
          processes.launcher,
          processes.heartbeat,
          processes.timeout,
          processes.restarts};
}

}  // namespace runner
