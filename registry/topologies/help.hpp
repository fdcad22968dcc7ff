#pragma once

#include "registry/field.hpp"

namespace runner::topology_help {

// What topologies say about the fields that they share.
constexpr auto device = "where ranks run; auto: on GPUs where there are some";
constexpr auto devices =
    "ranks on each node, one for each device; null: all GPUs, or what the launcher started";
constexpr auto nodes = "machines; null: as many as the launcher has";
constexpr auto threads = "CPU threads of each rank; null: the cores divided among the ranks";
constexpr auto backend = "what carries tensors between ranks; auto: nccl on GPUs, gloo on CPUs";
constexpr auto bucket_mb = "gradients travel in buckets of this size (MiB), while backward goes on";
constexpr auto sync_batchnorm =
    "batch norm takes its statistics over all ranks: the result of one rank";
constexpr auto launcher = "who starts the ranks; auto: found in the environment";
constexpr auto heartbeat = "seconds after which a rank that hangs ends the run";
constexpr auto timeout = "seconds in which all ranks must have come together";

constexpr Rule devices_rule = range(1, 1024);
constexpr Rule backend_rule = one_of("auto", "nccl", "gloo");
constexpr Rule device_rule = one_of("auto", "cpu", "cuda");
constexpr Rule launcher_rule = one_of("auto", "self", "slurm", "srun", "torchrun", "mpi");

}  // namespace runner::topology_help
