#include "runner/launch/srun.hpp"

#include "tests/runner/launch/environment.hpp"

#include <doctest/doctest.h>
#include <fmt/ranges.h>

using namespace runner;

namespace {

std::string command(const Placement& placement, const Variables& variables,
                    const std::vector<std::string>& arguments = {"run", "mnist.yaml"}) {
  return fmt::format(
      "{}",
      fmt::join(srun_command("/bin/runner", arguments, placement, environment_of(variables)), " "));
}

Placement counted(std::optional<CountRange> nodes, std::optional<std::int64_t> devices) {
  Placement placement;
  placement.nodes = nodes;
  placement.devices = devices;
  return placement;
}

}  // namespace

TEST_CASE("srun is called once: not by the tasks that it started") {
  Placement placement;
  placement.launcher = "srun";
  const auto calls = [&](const Variables& variables) {
    return calls_srun(placement, environment_of(variables));
  };
  CHECK(calls({}));
  CHECK(calls({{"SLURM_JOB_ID", "7"}, {"SLURM_PROCID", "0"}}));
  CHECK(calls({{"SLURM_JOB_ID", "7"}, {"SLURM_STEP_ID", "4294967290"}}));
  CHECK(calls({{"SLURM_JOB_ID", "7"}, {"SLURM_STEP_ID", "0"}, {"SLURM_PTY_PORT", "45909"}}));
  CHECK_FALSE(calls({{"SLURM_JOB_ID", "7"}, {"SLURM_STEP_ID", "0"}}));
  CHECK_FALSE(calls({{"SLURM_JOB_ID", "7"},
                     {"SLURM_STEP_ID", "0"},
                     {"SLURM_PTY_PORT", "45909"},
                     {"RUNNER_CALLED_SRUN", "1"}}));
  placement.launcher = "auto";
  CHECK_FALSE(calls({}));
}

TEST_CASE("inside an allocation srun takes its counts, and those that the recipe has") {
  const Variables job = {{"SLURM_JOB_ID", "7"}};
  CHECK(command({}, job) ==
        "srun --kill-on-bad-exit=1 --export=ALL,RUNNER_CALLED_SRUN=1 /bin/runner run mnist.yaml");
  CHECK(command(counted(2, 4), with(job, {{"SLURM_CPUS_PER_TASK", "6"}})) ==
        "srun --kill-on-bad-exit=1 --export=ALL,RUNNER_CALLED_SRUN=1 --cpus-per-task=6 --nodes=2 "
        "--ntasks-per-node=4 "
        "--ntasks=8 /bin/runner run mnist.yaml");
  CHECK(command({}, with(job, {{"SLURM_STEP_ID", "0"}})) ==
        "srun --kill-on-bad-exit=1 --export=ALL,RUNNER_CALLED_SRUN=1 --overlap /bin/runner run "
        "mnist.yaml");
}

TEST_CASE("outside an allocation srun makes one of the recipe's size") {
  CHECK(command({}, {}) ==
        "srun --kill-on-bad-exit=1 --export=ALL,RUNNER_CALLED_SRUN=1 --nodes=1 --ntasks-per-node=1 "
        "--ntasks=1 "
        "/bin/runner run mnist.yaml");
  auto placement = counted(2, 4);
  placement.device = "cuda";
  CHECK(command(placement, {}) ==
        "srun --kill-on-bad-exit=1 --export=ALL,RUNNER_CALLED_SRUN=1 --nodes=2 --ntasks-per-node=4 "
        "--ntasks=8 "
        "--gpus-per-node=4 /bin/runner run mnist.yaml");
}

TEST_CASE("a range of nodes is asked for outside an allocation, and chosen inside") {
  const CountRange nodes(1, 4);
  CHECK(command(counted(nodes, 2), {}) ==
        "salloc --nodes=1-4 --mincpus=2 srun --kill-on-bad-exit=1 "
        "--export=ALL,RUNNER_CALLED_SRUN=1 --ntasks-per-node=2 /bin/runner run mnist.yaml");
  CHECK(command(counted(nodes, 2), {{"SLURM_JOB_ID", "7"}}) ==
        "srun --kill-on-bad-exit=1 --export=ALL,RUNNER_CALLED_SRUN=1 --ntasks-per-node=2 "
        "/bin/runner run mnist.yaml");
}

TEST_CASE("a run that goes on with the nodes that are left is not ended with one of them") {
  auto placement = counted(CountRange(1, 4), 2);
  placement.restarts = 1;
  CHECK(command(placement, {{"SLURM_JOB_ID", "7"}}) ==
        "srun --kill-on-bad-exit=0 --no-kill --export=ALL,RUNNER_CALLED_SRUN=1 "
        "--ntasks-per-node=2 /bin/runner run mnist.yaml");
}
