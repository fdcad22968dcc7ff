#pragma once

#include "registry/topologies/placement.hpp"
#include "runner/launch/launcher.hpp"
#include "runner/sweep/sweep_options.hpp"

namespace runner {

/// How a machine is divided among the runs of a sweep.
struct Slots {
  int count = 1;
  int gpus_each = 0;  ///< 0: on CPUs
  int per_gpu = 1;    ///< slots that share GPUs
  std::string why;    ///< "2 cores", for the user
};

/// The machine of this process.
struct Machine {
  int cores = 1;
  int gpus = 0;
  std::int64_t free_bytes = 0;
};
Machine this_machine();

/// The ranks of one trial. Where the topology leaves it open, a trial has one: many trials fill
/// many devices better than one does. Throws UserError for a topology that needs other machines, or
/// devices that are not there.
Launch launch_of_trial(Placement placement, int gpus);

/// As many as `options` say; else as many as have GPUs, or cores, and memory: each trial is taken
/// to hold `bytes_each`. Never more than `trials`.
Slots divide(const SweepOptions& options, const Placement& placement, const Launch& launch,
             const Machine& machine, std::int64_t trials, std::int64_t bytes_each);

/// How many CPU threads each rank of a trial has: as many in one slot as in any other, so that it
/// does not matter which one a trial is trained in.
std::int64_t threads_each(const Placement& placement, const Launch& launch, const Slots& slots,
                          const Machine& machine);

/// The trial's launch in slot `index`.
Launch in_slot(Launch launch, const Slots& slots, int index);

}  // namespace runner
