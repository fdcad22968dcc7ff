#include "runner/launch/srun.hpp"

#include "experiments/error.hpp"
#include "experiments/permissions.hpp"
#include "runner/launch/job_size.hpp"
#include "runner/launch/secret.hpp"
#include "runner/launch/slurm.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

namespace runner {
namespace {

std::vector<std::string> counts(const Placement& placement, bool in_allocation) {
  const auto nodes = placement.nodes.value_or(CountRange(1));
  const auto devices = placement.devices.value_or(1);
  std::vector<std::string> options;
  // Of a range, the allocation has chosen.
  if ((placement.nodes || !in_allocation) && !nodes.is_open())
    options.push_back("--nodes=" + slurm_nodes(nodes));
  // Without this, Slurm fills the first node and gives the others what is left.
  if (placement.devices || !in_allocation)
    options.push_back(fmt::format("--ntasks-per-node={}", devices));
  if (!nodes.is_open() && ((placement.nodes && placement.devices) || !in_allocation))
    options.push_back(fmt::format("--ntasks={}", nodes.most * devices));
  if (placement.device == "cuda" && !in_allocation)
    options.push_back(fmt::format("--gpus-per-node={}", devices));
  return options;
}

/// srun alone would give a range of nodes as many tasks as its least number gets.
std::vector<std::string> salloc_command(const Placement& placement) {
  const auto devices = placement.devices.value_or(1);
  std::vector<std::string> command = {"salloc", "--nodes=" + slurm_nodes(*placement.nodes),
                                      fmt::format("--mincpus={}", devices)};
  if (placement.device == "cuda") command.push_back(fmt::format("--gpus-per-node={}", devices));
  if (outlives_nodes(placement)) command.emplace_back("--no-kill");
  return command;
}

/// Set for the tasks: a shell that srun has started does call it, they do not.
constexpr auto called = "RUNNER_CALLED_SRUN";

/// Unless the user has given one. One is enough for all jobs: their ids tell them apart.
void give_secret(const std::filesystem::path& folder) {
  if (find_variable(process_environment(), {"RUNNER_SECRET", "RUNNER_SECRET_FILE"})) return;
  const auto file = std::filesystem::absolute(folder / "srun.secret");
  make_folder(folder);
  write_secret(file);
  setenv("RUNNER_SECRET_FILE", file.c_str(), 1);
}

}  // namespace

bool calls_srun(const Placement& placement, const Environment& environment) {
  const bool in_a_shell = find_variable(environment, {"SLURM_PTY_PORT"}).has_value();
  return placement.launcher == "srun" && !find_variable(environment, {called}) &&
         (in_a_shell || !in_slurm_step(environment));
}

std::vector<std::string> srun_policy(bool outlives_nodes) {
  if (outlives_nodes) return {"--kill-on-bad-exit=0", "--no-kill"};
  return {"--kill-on-bad-exit=1"};
}

std::vector<std::string> srun_command(const std::string& executable,
                                      const std::vector<std::string>& arguments,
                                      const Placement& placement, const Environment& environment) {
  bool in_allocation = find_variable(environment, {"SLURM_JOB_ID"}).has_value();
  std::vector<std::string> command;
  if (!in_allocation && placement.nodes && placement.nodes->is_open()) {
    command = salloc_command(placement);
    in_allocation = true;
  }
  command.emplace_back("srun");
  for (auto& option : srun_policy(outlives_nodes(placement))) command.push_back(std::move(option));
  command.push_back(fmt::format("--export=ALL,{}=1", called));
  // The shell is a step that holds the resources for itself.
  if (in_slurm_step(environment)) command.emplace_back("--overlap");
  // Since 22.05 srun does not take this from the job.
  if (const auto cpus = find_variable(environment, {"SLURM_CPUS_PER_TASK"}))
    command.push_back("--cpus-per-task=" + cpus->value);
  for (auto& option : counts(placement, in_allocation)) command.push_back(std::move(option));
  command.push_back(executable);
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

void exec_srun(const std::vector<std::string>& arguments, const Placement& placement,
               const std::filesystem::path& folder) {
  give_secret(folder);
  auto command = srun_command(std::filesystem::read_symlink("/proc/self/exe"), arguments, placement,
                              process_environment());
  std::vector<char*> pointers;
  pointers.reserve(command.size() + 1);
  for (auto& word : command) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  execvp(pointers.front(), pointers.data());
  if (errno == ENOENT)
    throw UserError(
        "topology.launcher is srun, but there is no srun on this machine: start runner on a "
        "machine "
        "of a Slurm cluster, or leave topology.launcher out");
  throw std::system_error(errno, std::generic_category(), "cannot start srun");
}

}  // namespace runner
