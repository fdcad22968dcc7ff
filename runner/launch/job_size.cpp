#include "runner/launch/job_size.hpp"

#include "experiments/error.hpp"
#include "registry/counted.hpp"

#include <fmt/format.h>

namespace runner {
namespace {

void refuse_other_launchers(const Placement& placement) {
  const auto& launcher = placement.launcher;
  if (launcher == "auto" || launcher == "slurm" || launcher == "srun") return;
  throw UserError(fmt::format(
      "topology.launcher is {}, but a submitted job is started by srun: leave it out", launcher));
}

int tasks_per_node(const char* option, int total, const CountRange& nodes) {
  if (nodes.is_open())
    throw UserError(fmt::format(
        "{} {} counts those of all nodes together, but topology.nodes is {}: say topology.devices, "
        "which counts those of each, or --nodes",
        option, total, to_string(nodes)));
  if (total % nodes.most == 0) return static_cast<int>(total / nodes.most);
  throw UserError(fmt::format("{} {} does not divide by the {} nodes: each gets the same", option,
                              total, nodes.most));
}

void refuse_other_counts(const Placement& placement, const JobSize& size) {
  if (placement.alone && size.nodes.most * size.tasks_per_node > 1)
    throw UserError(fmt::format("topology 'single' is one process, but the job has {} tasks",
                                size.nodes.most * size.tasks_per_node));
  if (placement.nodes &&
      !(placement.nodes->holds(size.nodes.least) && placement.nodes->holds(size.nodes.most)))
    throw UserError(fmt::format("topology.nodes is {}, but --nodes is {}",
                                to_string(*placement.nodes), to_string(size.nodes)));
  if (placement.devices && *placement.devices != size.tasks_per_node)
    throw UserError(fmt::format("topology.devices is {}, but the job has {} on each node",
                                *placement.devices, counted(size.tasks_per_node, "task")));
}

}  // namespace

std::string slurm_nodes(const CountRange& nodes) {
  return nodes.is_open() ? fmt::format("{}-{}", nodes.least, nodes.most)
                         : fmt::format("{}", nodes.least);
}

JobSize job_size(const WantedSize& wanted, const Placement& placement) {
  refuse_other_launchers(placement);
  JobSize size;
  size.nodes = wanted.nodes ? CountRange(*wanted.nodes) : placement.nodes.value_or(CountRange(1));
  if (wanted.gpus)
    size.tasks_per_node = tasks_per_node("--gpus", *wanted.gpus, size.nodes);
  else if (wanted.ntasks)
    size.tasks_per_node = tasks_per_node("--ntasks", *wanted.ntasks, size.nodes);
  else
    size.tasks_per_node = static_cast<int>(placement.devices.value_or(1));
  refuse_other_counts(placement, size);
  return size;
}

}  // namespace runner
