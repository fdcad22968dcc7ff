#include "runner/launch/slurm.hpp"

#include "experiments/error.hpp"
#include "registry/counted.hpp"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

namespace runner {
namespace {

// From here on step ids stand for shells: 0xfffffffa is that of `salloc`, then come sbatch's,
// extern and pending.
constexpr std::int64_t first_special_step = 0xfffffffa;

Variable step_tasks(const Environment& environment, const std::string& because) {
  return get_variable(environment, {"SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"}, because);
}

int ranks_of(int node, const Variable& list) {
  const auto counts = tasks_of_nodes(list);
  if (static_cast<std::size_t>(node) < counts.size()) return counts[static_cast<std::size_t>(node)];
  throw UserError(
      fmt::format("SLURM_NODEID is {}, but {} has {} nodes", node, list.text(), counts.size()));
}

Meeting meeting(const Environment& environment, const std::string& because) {
  const auto get = [&](const char* name) { return find_variable(environment, {name})->value; };
  const auto hosts =
      get_variable(environment, {"SLURM_STEP_NODELIST", "SLURM_JOB_NODELIST"}, because);
  const auto step = fmt::format("{}.{}", get("SLURM_JOB_ID"), get("SLURM_STEP_ID"));
  const auto restarts = find_variable(environment, {"SLURM_RESTART_COUNT"});
  return {first_host(hosts), ports_for(step),
          fmt::format("slurm-{}{}", step, restarts ? "-restart-" + restarts->value : "")};
}

/// Bound to its cores or not: a cluster may leave that to good manners.
std::optional<int> cpus_per_rank(const Environment& environment, int node_ranks) {
  if (const auto each = find_variable(environment, {"SLURM_CPUS_PER_TASK"}))
    return static_cast<int>(each->number());
  const auto all = find_variable(environment, {"SLURM_CPUS_ON_NODE"});
  if (!all) return std::nullopt;
  return std::max(1, static_cast<int>(all->number()) / node_ranks);
}

int to_int(const Variable& variable) { return static_cast<int>(variable.number()); }

[[noreturn]] void refuse_list(const Variable& list, const char* example) {
  throw UserError(
      fmt::format("{} is '{}': expected a list like {}", list.name, list.value, example));
}

}  // namespace

bool in_slurm_step(const Environment& environment) {
  const auto step = find_variable(environment, {"SLURM_STEP_ID"});
  return step && step->number() < first_special_step;
}

bool started_by_slurm(const Environment& environment) {
  if (!in_slurm_step(environment)) return false;
  const auto tasks = find_variable(environment, {"SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"});
  return tasks && tasks->number() > 1;
}

Started read_slurm(const Environment& environment, const std::string& because) {
  require_variables(
      environment,
      {"SLURM_JOB_ID", "SLURM_STEP_ID", "SLURM_PROCID", "SLURM_LOCALID", "SLURM_NODEID"}, because);
  if (!in_slurm_step(environment))
    throw UserError(because +
                    ", but this is no step of srun's: start it with 'srun runner run ...'");
  const auto nodes = get_variable(environment, {"SLURM_STEP_NUM_NODES", "SLURM_NNODES"}, because);
  const auto layout =
      get_variable(environment, {"SLURM_STEP_TASKS_PER_NODE", "SLURM_TASKS_PER_NODE"}, because);
  const auto get = [&](const char* name) { return to_int(*find_variable(environment, {name})); };
  Started started{{}, "Slurm", "task", layout.text(), nodes.text()};
  auto& launch = started.launch;
  launch.launcher = "slurm";
  launch.world_size = to_int(step_tasks(environment, because));
  launch.rank = get("SLURM_PROCID");
  launch.local_rank = get("SLURM_LOCALID");
  launch.node = get("SLURM_NODEID");
  launch.nodes = to_int(nodes);
  launch.node_ranks = ranks_of(launch.node, layout);
  launch.cpus_per_rank = cpus_per_rank(environment, launch.node_ranks);
  launch.meeting = meeting(environment, because);
  return started;
}

void refuse_batch_shell(const Environment& environment) {
  const auto job = find_variable(environment, {"SLURM_JOB_ID"});
  // The shell of salloc has no task id; that of sbatch looks like task 0, but for the step.
  if (!job || !find_variable(environment, {"SLURM_PROCID"}) ||
      find_variable(environment, {"SLURM_STEP_ID"}))
    return;
  const auto count = [&](std::initializer_list<const char*> names) {
    const auto variable = find_variable(environment, names);
    return variable ? variable->number() : 1;
  };
  const auto nodes = count({"SLURM_NNODES", "SLURM_JOB_NUM_NODES"});
  const auto tasks = count({"SLURM_NTASKS"});
  if (nodes == 1 && tasks == 1) return;
  throw UserError(
      fmt::format("this is the batch script's shell of Slurm job {} ({}, {}), which "
                  "runs once, on "
                  "the job's first node: start it with 'srun runner run ...', or say "
                  "topology.launcher=srun and "
                  "runner calls srun itself, or topology.launcher=self for this node alone",
                  job->value, counted(nodes, "node"), counted(tasks, "task")));
}

std::vector<int> tasks_of_nodes(const Variable& list) {
  std::vector<int> counts;
  std::istringstream parts(list.value);
  for (std::string part; std::getline(parts, part, ',');) {
    int tasks = 0, nodes = 1;
    char open = '(', times = 'x', close = ')';
    std::istringstream in(part);
    in >> tasks;
    if (in && !in.eof()) in >> open >> times >> nodes >> close;
    const bool whole = !in.fail() && in.peek() == std::istringstream::traits_type::eof();
    if (!whole || open != '(' || times != 'x' || close != ')' || tasks < 1 || nodes < 1)
      refuse_list(list, "2(x2),1");
    counts.insert(counts.end(), static_cast<std::size_t>(nodes), tasks);
  }
  return counts;
}

std::string first_host(const Variable& list) {
  std::string host;
  const auto& text = list.value;
  for (std::size_t i = 0; i < text.size() && text[i] != ','; ++i) {
    if (text[i] != '[') {
      host += text[i];
      continue;
    }
    const auto end = text.find(']', i);
    if (end == std::string::npos) refuse_list(list, "node[1-3,7]");
    host += text.substr(i + 1, text.find_first_of("-,]", i) - i - 1);
    i = end;
  }
  return host;
}

}  // namespace runner
