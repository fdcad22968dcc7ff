#include "runner/sweep/slots.hpp"

#include "experiments/error.hpp"
#include "registry/counted.hpp"
#include "runner/launch/host_memory.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <sched.h>

namespace runner {
namespace {

int usable_cores() {
  cpu_set_t mine;
  return sched_getaffinity(0, sizeof mine, &mine) == 0 ? CPU_COUNT(&mine) : 1;
}

}  // namespace

Machine this_machine() {
  return {usable_cores(), visible_gpus(process_environment()), host_memory().available};
}

Launch launch_of_trial(Placement placement, int gpus) {
  if (placement.nodes && !placement.nodes->holds(1))
    throw UserError(
        fmt::format("topology.nodes is {}, but a trial of a sweep has one machine: it "
                    "is the trials that are spread over several",
                    to_string(*placement.nodes)));
  if (placement.device == "cuda" && gpus == 0) throw UserError(no_gpu_here);
  placement.launcher = "self";
  if (!placement.devices) placement.devices = 1;
  auto launch = find_launch(placement, process_environment(), gpus);
  launch.why = "a trial of a sweep";
  return launch;
}

Slots divide(const SweepOptions& options, const Placement& placement, const Launch& launch,
             const Machine& machine, std::int64_t trials, std::int64_t bytes_each) {
  Slots slots;
  const bool on_gpus = placement.device != "cpu" && machine.gpus > 0;
  std::int64_t most = 1;
  if (on_gpus) {
    slots.gpus_each = launch.ranks_here;
    slots.per_gpu = static_cast<int>(options.per_gpu);
    most = machine.gpus / launch.ranks_here * options.per_gpu;
    slots.why = counted(machine.gpus, "GPU");
  } else {
    const auto cores_each = launch.ranks_here * placement.threads.value_or(1);
    most = machine.cores / cores_each;
    slots.why = counted(machine.cores, "core");
  }
  const auto by_memory = machine.free_bytes / std::max<std::int64_t>(1, bytes_each);
  if (by_memory < most && !options.parallel) {
    most = by_memory;
    slots.why = fmt::format("{:.1f} GB of memory", static_cast<double>(machine.free_bytes) / 1e9);
  }
  if (options.parallel) slots.why = "sweep.parallel";
  const auto wanted = options.parallel.value_or(most);
  slots.count = static_cast<int>(std::clamp<std::int64_t>(std::min(wanted, trials), 1, 1024));
  return slots;
}

std::int64_t threads_each(const Placement& placement, const Launch& launch, const Slots& slots,
                          const Machine& machine) {
  const auto ranks = std::max(1, slots.count * launch.ranks_here);
  return placement.threads.value_or(std::max(1, machine.cores / ranks));
}

Launch in_slot(Launch launch, const Slots& slots, int index) {
  launch.part = index;
  launch.parts = slots.count;
  // Slots that share GPUs are neighbours; more slots than GPUs begin again with the first.
  if (slots.gpus_each > 0 && launch.gpus >= slots.gpus_each)
    launch.first_gpu = index / slots.per_gpu % (launch.gpus / slots.gpus_each) * slots.gpus_each;
  return launch;
}

}  // namespace runner
