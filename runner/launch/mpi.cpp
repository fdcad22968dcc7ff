#include "runner/launch/mpi.hpp"

#include "experiments/error.hpp"
#include "runner/launch/slurm.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

std::string host_of_rank_0(const Environment& environment, const Launch& launch) {
  if (const auto master = find_variable(environment, {"MASTER_ADDR"})) return master->value;
  if (launch.node_ranks == launch.world_size) return "127.0.0.1";
  // mpirun fills the nodes of a Slurm job in their order.
  if (const auto hosts = find_variable(environment, {"SLURM_JOB_NODELIST"}))
    return first_host(*hosts);
  throw UserError(
      "mpirun started ranks on several machines, but does not tell them where rank 0 is: pass "
      "`-x MASTER_ADDR=HOST` to it");
}

Meeting meeting(const Environment& environment, const Launch& launch) {
  const auto host = host_of_rank_0(environment, launch);
  const auto job = find_variable(environment, {"PMIX_NAMESPACE", "OMPI_MCA_ess_base_jobid"});
  const auto token = fmt::format("mpi-{}", job ? job->value : host);
  const auto port = find_variable(environment, {"MASTER_PORT"});
  if (!port) return {host, ports_for(token), token};
  return {host, {static_cast<std::uint16_t>(port->number())}, token};
}

int rounded_up(int dividend, int divisor) { return (dividend + divisor - 1) / divisor; }

}  // namespace

bool started_by_mpi(const Environment& environment) {
  return find_variable(environment, {"OMPI_COMM_WORLD_RANK"}) &&
         find_variable(environment, {"OMPI_COMM_WORLD_SIZE"});
}

Started read_mpi(const Environment& environment, const std::string& because) {
  require_variables(environment,
                    {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK",
                     "OMPI_COMM_WORLD_LOCAL_SIZE"},
                    because);
  const auto get = [&](const char* name) { return *find_variable(environment, {name}); };
  const auto number = [&](const char* name) { return static_cast<int>(get(name).number()); };
  const auto here = get("OMPI_COMM_WORLD_LOCAL_SIZE");
  const auto nodes = find_variable(environment, {"OMPI_MCA_orte_num_nodes", "OMPI_MCA_num_nodes"});
  Started started{{}, "mpirun", "process", here.text(), (nodes ? *nodes : here).text()};
  auto& launch = started.launch;
  launch.launcher = "mpi";
  launch.world_size = number("OMPI_COMM_WORLD_SIZE");
  launch.rank = number("OMPI_COMM_WORLD_RANK");
  launch.local_rank = number("OMPI_COMM_WORLD_LOCAL_RANK");
  launch.node_ranks = std::max(number("OMPI_COMM_WORLD_LOCAL_SIZE"), 1);
  launch.nodes = launch.node_ranks == launch.world_size ? 1
                 : nodes                                ? static_cast<int>(nodes->number())
                         : rounded_up(launch.world_size, launch.node_ranks);
  launch.node = std::min(launch.rank / launch.node_ranks, launch.nodes - 1);
  launch.meeting = meeting(environment, launch);
  return started;
}

}  // namespace runner
