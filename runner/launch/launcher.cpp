#include "runner/launch/launcher.hpp"

#include "experiments/error.hpp"
#include "registry/counted.hpp"
#include "runner/launch/job_size.hpp"
#include "runner/launch/mpi.hpp"
#include "runner/launch/slurm.hpp"
#include "runner/launch/torchrun.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace runner {
namespace {

struct Launcher {
  std::string_view name;
  const char* sign;  ///< the variable by which it is known
  const char* rank;  ///< the variable that numbers its processes
  bool (*started_this)(const Environment& environment);
  Started (*read)(const Environment& environment, const std::string& because);
};

// The first that fits is it: under mpirun, and mostly under torchrun, Slurm's variables are those
// of the shell around.
constexpr std::array launchers = {
    Launcher{"mpi", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_RANK", started_by_mpi, read_mpi},
    Launcher{"torchrun", "RANK", "RANK", started_by_torchrun, read_torchrun},
    Launcher{"slurm", "SLURM_STEP_ID", "SLURM_PROCID", started_by_slurm, read_slurm},
};

Started read(const Launcher& launcher, const Environment& environment, const std::string& because) {
  auto started = launcher.read(environment, because);
  started.launch.why = because;
  return started;
}

std::optional<Started> find_started(const Placement& placement, const Environment& environment) {
  const std::string wanted = placement.launcher == "srun" ? "slurm" : placement.launcher;
  if (wanted == "self") return std::nullopt;
  for (const auto& launcher : launchers) {
    if (launcher.name == wanted)
      return read(launcher, environment, "topology.launcher is " + placement.launcher);
    if (wanted == "auto" && launcher.started_this(environment))
      return read(launcher, environment, fmt::format("{} is set", launcher.sign));
  }
  if (!placement.alone) refuse_batch_shell(environment);
  return std::nullopt;
}

void refuse_contradictions(const Started& started) {
  const auto& launch = started.launch;
  if (launch.rank < launch.world_size && launch.local_rank < launch.node_ranks &&
      launch.node < launch.nodes)
    return;
  throw UserError(fmt::format(
      "{}'s variables contradict each other: rank {} of {}, {} of {} on this node, node {} of {}",
      started.by, launch.rank, launch.world_size, launch.local_rank, launch.node_ranks, launch.node,
      launch.nodes));
}

void refuse_other_counts(const Placement& placement, const Started& started) {
  const auto& launch = started.launch;
  if (placement.alone && launch.world_size > 1)
    throw UserError(fmt::format("topology 'single' is one process, but {} started {}", started.by,
                                counted(launch.world_size, started.what)));
  if (placement.nodes && !placement.nodes->holds(launch.nodes))
    throw UserError(fmt::format("topology.nodes is {}, but {} started {} on {} ({})",
                                to_string(*placement.nodes), started.by,
                                counted(launch.world_size, started.what),
                                counted(launch.nodes, "node"), started.nodes));
  if (placement.devices && *placement.devices != launch.node_ranks)
    throw UserError(fmt::format("topology.devices is {}, but {} started {} on this node ({})",
                                *placement.devices, started.by,
                                counted(launch.node_ranks, started.what), started.here));
}

void refuse_what_one_machine_lacks(const Placement& placement, int gpus) {
  const auto nodes = placement.nodes.value_or(CountRange(1));
  const auto devices = placement.devices.value_or(1);
  if (!nodes.holds(1))
    throw UserError(
        fmt::format("topology.nodes is {}, but this process was started alone: start it on every "
                    "node with srun, or send it to Slurm with 'runner submit --nodes {}'",
                    to_string(nodes), slurm_nodes(nodes)));
  const bool needs_gpus = placement.device == "cuda" || (placement.device == "auto" && gpus > 0);
  if (placement.devices && needs_gpus && devices > gpus)
    throw UserError(fmt::format(
        "topology.devices is {}, but this machine has {}{}", devices, counted(gpus, "GPU"),
        placement.device == "auto" ? "; topology.device=cpu trains on its CPU" : ""));
}

Launch start_here(const Placement& placement, const Environment& environment, int gpus) {
  refuse_what_one_machine_lacks(placement, gpus);
  const int most = placement.device != "cpu" && gpus > 0 ? gpus : 1;
  const int ranks = placement.alone ? 1 : static_cast<int>(placement.devices.value_or(most));
  Launch launch;
  launch.launcher = "self";
  launch.why = placement.launcher == "self" ? "topology.launcher is self"
               : in_slurm_step(environment) ? "the Slurm step has one task"
                                            : "not under srun, torchrun or mpirun";
  launch.world_size = launch.ranks_here = launch.node_ranks = ranks;
  if (placement.device != "cpu") launch.gpus = gpus;
  return launch;
}

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

/// Where and by what they know each other.
void complete(Meeting& meeting, int nodes, const Environment& environment) {
  meeting.on_this_machine = nodes == 1 || is_this_machine(meeting.host);
  meeting.secret = find_secret(environment, meeting.on_this_machine);
}

}  // namespace

Launch find_launch(const Placement& placement, const Environment& environment, int gpus) {
  const auto started = find_started(placement, environment);
  if (started) {
    refuse_contradictions(*started);
    refuse_other_counts(placement, *started);
  }
  auto launch = started ? started->launch : start_here(placement, environment, gpus);
  if (launch.world_size == launch.ranks_here) launch.meeting.reset();
  if (launch.meeting) complete(*launch.meeting, launch.nodes, environment);
  if (const auto job = find_variable(environment, {"SLURM_JOB_ID"})) launch.job_id = job->value;
  return launch;
}

bool speaks_for_all(const Environment& environment) {
  for (const auto& launcher : launchers)
    if (launcher.started_this(environment)) {
      const auto rank = find_variable(environment, {launcher.rank});
      return !rank || rank->value == "0";
    }
  return true;
}

std::optional<Launch> with_gpus_left(Launch launch, int gpus) {
  if (launch.gpus == 0) return launch;
  if (gpus == 0) return std::nullopt;
  launch.world_size = launch.ranks_here = launch.node_ranks = std::min(launch.world_size, gpus);
  return launch;
}

}  // namespace runner
