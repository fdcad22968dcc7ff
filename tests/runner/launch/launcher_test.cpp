#include "runner/launch/launcher.hpp"

#include "experiments/error.hpp"
#include "tests/experiments/fixture.hpp"
#include "tests/runner/launch/environment.hpp"

#include <fmt/format.h>

using namespace runner;

namespace {

// What a task of `srun -N2 -n4` sees under Slurm 22.05: 3 tasks on node1, 1 on node2.
const Variables slurm = {{"SLURM_JOB_ID", "7"},
                         {"SLURM_STEP_ID", "0"},
                         {"SLURM_PROCID", "3"},
                         {"SLURM_LOCALID", "0"},
                         {"SLURM_NODEID", "1"},
                         {"SLURM_NTASKS", "4"},
                         {"SLURM_NNODES", "2"},
                         {"SLURM_STEP_NUM_TASKS", "4"},
                         {"SLURM_STEP_NUM_NODES", "2"},
                         {"SLURM_STEP_TASKS_PER_NODE", "3,1"},
                         {"SLURM_STEP_NODELIST", "node[1-2]"},
                         {"SLURM_JOB_NODELIST", "node[1-2]"}};

// The shell of `sbatch -N2 -n4`.
const Variables batch_shell = {{"SLURM_JOB_ID", "7"}, {"SLURM_PROCID", "0"}, {"SLURM_LOCALID", "0"},
                               {"SLURM_NODEID", "0"}, {"SLURM_NTASKS", "4"}, {"SLURM_NNODES", "2"}};

const Variables torchrun = {{"RANK", "3"},
                            {"WORLD_SIZE", "4"},
                            {"LOCAL_RANK", "1"},
                            {"LOCAL_WORLD_SIZE", "2"},
                            {"GROUP_RANK", "1"},
                            {"GROUP_WORLD_SIZE", "2"},
                            {"MASTER_ADDR", "10.0.0.1"},
                            {"MASTER_PORT", "29500"},
                            {"TORCHELASTIC_RUN_ID", "none"},
                            {"TORCHELASTIC_RESTART_COUNT", "0"},
                            {"TORCHELASTIC_USE_AGENT_STORE", "True"}};

// Rank 3 of `mpirun -n 4` inside `sbatch -N2 -n4`; the step is that of mpirun's daemon.
const Variables mpi = {{"OMPI_COMM_WORLD_RANK", "3"},
                       {"OMPI_COMM_WORLD_SIZE", "4"},
                       {"OMPI_COMM_WORLD_LOCAL_RANK", "0"},
                       {"OMPI_COMM_WORLD_LOCAL_SIZE", "1"},
                       {"OMPI_MCA_orte_num_nodes", "2"},
                       {"PMIX_NAMESPACE", "482738177"},
                       {"SLURM_JOB_ID", "5"},
                       {"SLURM_PROCID", "0"},
                       {"SLURM_STEP_ID", "3"},
                       {"SLURM_NTASKS", "4"},
                       {"SLURM_JOB_NODELIST", "node[1-2]"}};

Placement placed(const std::string& launcher = "auto") {
  Placement placement;
  placement.launcher = launcher;
  return placement;
}

Placement counted(std::optional<CountRange> nodes, std::optional<std::int64_t> devices) {
  Placement placement;
  placement.nodes = nodes;
  placement.devices = devices;
  return placement;
}

Launch launch_of(const Variables& variables, const Placement& placement = {}, int gpus = 0) {
  return find_launch(placement, environment_of(variables), gpus);
}

// "slurm: rank 3 of 4, 1 here; 0 of 1 on node 1 of 2; job 7"
std::string told(const Launch& launch) {
  return fmt::format("{}: rank {} of {}, {} here; {} of {} on node {} of {}; job {}",
                     launch.launcher, launch.rank, launch.world_size, launch.ranks_here,
                     launch.local_rank, launch.node_ranks, launch.node, launch.nodes,
                     launch.job_id.value_or("none"));
}

std::string launcher_of(const Variables& variables, const Placement& placement = {}) {
  return launch_of(variables, placement).launcher;
}

std::string refusal(const Variables& variables, const Placement& placement = {}, int gpus = 0) {
  return error_of<UserError>([&] { launch_of(variables, placement, gpus); });
}

}  // namespace

TEST_CASE("without a launcher a process starts every rank: those asked for, else one per GPU") {
  CHECK(told(launch_of({})) == "self: rank 0 of 1, 1 here; 0 of 1 on node 0 of 1; job none");
  CHECK(launch_of({}).why == "not under srun, torchrun or mpirun");
  CHECK_FALSE(launch_of({}).meeting);
  CHECK(launch_of({}, {}, 8).ranks_here == 8);
  CHECK(told(launch_of({}, counted({}, 4), 8)) ==
        "self: rank 0 of 4, 4 here; 0 of 4 on node 0 of 1; job none");
  CHECK(launch_of({}, counted(1, 2)).ranks_here == 2);
  Placement placement;
  placement.device = "cpu";
  CHECK(launch_of({}, placement, 8).ranks_here == 1);
  placement.devices = 3;
  CHECK(launch_of({}, placement, 2).ranks_here == 3);
  placement = {};
  placement.alone = true;
  CHECK(launch_of({}, placement, 8).ranks_here == 1);
}

TEST_CASE("one process refuses more GPUs than there are, and several nodes") {
  auto placement = counted({}, 4);
  CHECK(
      refusal({}, placement, 2) ==
      "topology.devices is 4, but this machine has 2 GPUs; topology.device=cpu trains on its CPU");
  placement.device = "cuda";
  CHECK(refusal({}, placement, 1) == "topology.devices is 4, but this machine has 1 GPU");
  CHECK(
      refusal({}, counted(2, {})) ==
      "topology.nodes is 2, but this process was started alone: start it on every node with srun, "
      "or send it to Slurm with 'runner submit --nodes 2'");
}

TEST_CASE("a task of srun knows its place, also on uneven nodes") {
  const auto launch = launch_of(slurm);
  CHECK(told(launch) == "slurm: rank 3 of 4, 1 here; 0 of 1 on node 1 of 2; job 7");
  CHECK(launch.why == "SLURM_STEP_ID is set");
  REQUIRE(launch.meeting);
  CHECK(launch.meeting->host == "node1");
  CHECK(launch.meeting->token == "slurm-7.0");
  CHECK(launch.meeting->ports == ports_for("7.0"));
  const auto first = with(slurm, {{"SLURM_PROCID", "1"},
                                  {"SLURM_LOCALID", "1"},
                                  {"SLURM_NODEID", "0"},
                                  {"SLURM_RESTART_COUNT", "2"}});
  CHECK(told(launch_of(first)) == "slurm: rank 1 of 4, 1 here; 1 of 3 on node 0 of 2; job 7");
  CHECK(launch_of(first).meeting->token == "slurm-7.0-restart-2");
}

TEST_CASE("the counts of a step are its own, not the job's") {
  const auto small = with(slurm, {{"SLURM_NTASKS", "64"},
                                  {"SLURM_NNODES", "8"},
                                  {"SLURM_PROCID", "0"},
                                  {"SLURM_NODEID", "0"},
                                  {"SLURM_STEP_NUM_TASKS", "2"},
                                  {"SLURM_STEP_NUM_NODES", "1"},
                                  {"SLURM_STEP_TASKS_PER_NODE", "2"},
                                  {"SLURM_STEP_NODELIST", "node7"}});
  CHECK(told(launch_of(small)) == "slurm: rank 0 of 2, 1 here; 0 of 2 on node 0 of 1; job 7");
  CHECK(launch_of(small).meeting->host == "node7");
}

TEST_CASE("a step of one task and an interactive allocation are as any shell") {
  const auto one = with(slurm, {{"SLURM_STEP_NUM_TASKS", "1"}, {"SLURM_NTASKS", "1"}});
  CHECK(told(launch_of(one)) == "self: rank 0 of 1, 1 here; 0 of 1 on node 0 of 1; job 7");
  CHECK(launch_of(one).why == "the Slurm step has one task");
  CHECK(launch_of(one, {}, 4).ranks_here == 4);
  CHECK(launcher_of({{"SLURM_JOB_ID", "8"}, {"SLURM_NTASKS", "4"}, {"SLURM_NNODES", "2"}}) ==
        "self");
  for (const auto* special : {"4294967290", "4294967291", "4294967292"})
    CHECK(launcher_of(with(slurm, {{"SLURM_STEP_ID", special}})) == "self");
}

TEST_CASE("a batch script's shell of several tasks says how to start them all") {
  const std::string end =
      ", which runs once, on the job's first node: start it with 'srun runner run ...', or say "
      "topology.launcher=srun and runner calls srun itself, or topology.launcher=self for this "
      "node "
      "alone";
  CHECK(refusal(batch_shell) ==
        "this is the batch script's shell of Slurm job 7 (2 nodes, 4 tasks)" + end);
  CHECK(refusal(with(batch_shell, {{"SLURM_NTASKS", ""}})) ==
        "this is the batch script's shell of Slurm job 7 (2 nodes, 1 task)" + end);
  CHECK(launcher_of(batch_shell, placed("self")) == "self");
  Placement alone;
  alone.alone = true;
  CHECK(launcher_of(batch_shell, alone) == "self");
  CHECK(launcher_of(with(batch_shell, {{"SLURM_NTASKS", "1"}, {"SLURM_NNODES", "1"}})) == "self");
}

TEST_CASE("a process of torchrun knows its place, and meets beside torchrun's own port") {
  const auto launch = launch_of(torchrun);
  CHECK(told(launch) == "torchrun: rank 3 of 4, 1 here; 1 of 2 on node 1 of 2; job none");
  CHECK(launch.why == "RANK is set");
  REQUIRE(launch.meeting);
  CHECK(launch.meeting->host == "10.0.0.1");
  CHECK(launch.meeting->token == "torchrun-10.0.0.1:29500-none-0");
  CHECK(launch.meeting->ports ==
        std::vector<std::uint16_t>{29501, 29502, 29503, 29504, 29505, 29506, 29507, 29508});
  CHECK(launch_of(with(torchrun, {{"MASTER_PORT", "65530"}})).meeting->ports.back() == 65522);
  CHECK(launch_of(with(torchrun, {{"TORCHELASTIC_USE_AGENT_STORE", "False"}})).meeting->ports ==
        std::vector<std::uint16_t>{29500});
}

TEST_CASE("without LOCAL_RANK, as in Kubeflow, there is a rank on each node") {
  const Variables pod = {{"RANK", "1"},
                         {"WORLD_SIZE", "2"},
                         {"MASTER_ADDR", "job-master-0"},
                         {"MASTER_PORT", "23456"}};
  CHECK(told(launch_of(pod)) == "torchrun: rank 1 of 2, 1 here; 0 of 1 on node 1 of 2; job none");
  CHECK(launch_of(pod).meeting->token == "torchrun-job-master-0:23456");
  CHECK(launcher_of(with(pod, {{"RANK", "0"}, {"WORLD_SIZE", "1"}})) == "self");
}

TEST_CASE("a process of mpirun knows its place, although Slurm's variables say otherwise") {
  const auto launch = launch_of(mpi);
  CHECK(told(launch) == "mpi: rank 3 of 4, 1 here; 0 of 1 on node 1 of 2; job 5");
  CHECK(launch.why == "OMPI_COMM_WORLD_RANK is set");
  REQUIRE(launch.meeting);
  CHECK(launch.meeting->host == "node1");
  CHECK(launch.meeting->token == "mpi-482738177");
  CHECK(launch.meeting->ports == ports_for("mpi-482738177"));
  CHECK(launch_of(with(mpi, {{"MASTER_ADDR", "here"}, {"MASTER_PORT", "1234"}})).meeting->host ==
        "here");
  CHECK(launch_of(with(mpi, {{"MASTER_PORT", "1234"}})).meeting->ports ==
        std::vector<std::uint16_t>{1234});
  CHECK(launch_of(with(mpi, {{"OMPI_COMM_WORLD_LOCAL_SIZE", "4"}})).meeting->host == "127.0.0.1");
  CHECK(refusal(with(mpi, {{"SLURM_JOB_NODELIST", ""}})) ==
        "mpirun started ranks on several machines, but does not tell them where rank 0 is: pass "
        "`-x MASTER_ADDR=HOST` to it");
}

TEST_CASE("ranks meet at a Unix socket where all are on one machine") {
  const auto here = [](const Variables& variables) {
    return launch_of(variables).meeting->on_this_machine;
  };
  CHECK_FALSE(here(slurm));
  CHECK_FALSE(here(torchrun));
  CHECK_FALSE(here(mpi));
  CHECK(here(with(torchrun, {{"GROUP_RANK", "0"}, {"GROUP_WORLD_SIZE", "1"}})));
  CHECK(here(with(mpi, {{"OMPI_COMM_WORLD_LOCAL_SIZE", "4"}})));
  for (const auto* loopback : {"localhost", "127.0.0.1", "::1"})
    CHECK(here(with(torchrun, {{"MASTER_ADDR", loopback}})));
}

TEST_CASE("ranks of several machines know each other by the secret that they are given") {
  CHECK(launch_of(torchrun).meeting->secret.kind == SecretKind::none);
  const auto given = with(torchrun, {{"RUNNER_SECRET", "of sixteen bytes"}});
  CHECK(launch_of(given).meeting->secret.bytes == "of sixteen bytes");
  CHECK(refusal(with(torchrun, {{"RUNNER_SECRET", "short"}})) ==
        "RUNNER_SECRET has 5 characters: expected at least 16, as `openssl rand -hex 32` prints "
        "them");
}

TEST_CASE("one process of a launcher has nobody to meet") {
  const auto launch = launch_of(with(mpi, {{"OMPI_COMM_WORLD_RANK", "0"},
                                           {"OMPI_COMM_WORLD_SIZE", "1"},
                                           {"OMPI_COMM_WORLD_LOCAL_SIZE", "1"}}));
  CHECK(told(launch) == "mpi: rank 0 of 1, 1 here; 0 of 1 on node 0 of 1; job 5");
  CHECK_FALSE(launch.meeting);
}

TEST_CASE("mpirun comes before torchrun, torchrun before srun") {
  Variables all = with(with(slurm, torchrun), mpi);
  CHECK(launcher_of(all) == "mpi");
  CHECK(launcher_of(with(slurm, torchrun)) == "torchrun");
  CHECK(launcher_of(all, placed("torchrun")) == "torchrun");
  CHECK(launcher_of(with(mpi, slurm), placed("slurm")) == "slurm");
  CHECK(launcher_of(with(mpi, slurm), placed("srun")) == "slurm");
  CHECK(launcher_of(all, placed("self")) == "self");
}

TEST_CASE("a launcher that is named, but whose variables are missing, names them") {
  CHECK(refusal({}, placed("slurm")) ==
        "topology.launcher is slurm, but SLURM_JOB_ID, SLURM_STEP_ID, SLURM_PROCID, SLURM_LOCALID, "
        "SLURM_NODEID are not set");
  CHECK(
      refusal(with(slurm, {{"SLURM_STEP_NUM_TASKS", ""}, {"SLURM_NTASKS", ""}}), placed("slurm")) ==
      "topology.launcher is slurm, but SLURM_STEP_NUM_TASKS or SLURM_NTASKS is not set");
  CHECK(refusal(with(slurm, {{"SLURM_STEP_ID", "4294967290"}}), placed("slurm")) ==
        "topology.launcher is slurm, but this is no step of srun's: start it with 'srun runner run "
        "...'");
  CHECK(refusal({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}}) ==
        "RANK is set, but MASTER_PORT is not set");
  CHECK(refusal(with(mpi, {{"OMPI_COMM_WORLD_LOCAL_RANK", ""}}), placed("mpi")) ==
        "topology.launcher is mpi, but OMPI_COMM_WORLD_LOCAL_RANK is not set");
}

TEST_CASE("a variable that is no number is named with its value") {
  CHECK(refusal(with(torchrun, {{"RANK", "three"}})) ==
        "RANK is 'three': expected a whole number of at least 0");
  CHECK(refusal(with(slurm, {{"SLURM_PROCID", "-1"}})) ==
        "SLURM_PROCID is '-1': expected a whole number of at least 0");
  CHECK(refusal(with(slurm, {{"SLURM_STEP_TASKS_PER_NODE", "2(x"}})) ==
        "SLURM_STEP_TASKS_PER_NODE is '2(x': expected a list like 2(x2),1");
  CHECK(refusal(with(torchrun, {{"MASTER_PORT", "70000"}})) ==
        "MASTER_PORT is 70000: expected 1 to 65535");
}

TEST_CASE("variables that contradict each other are refused") {
  CHECK(
      refusal(with(torchrun, {{"RANK", "4"}})) ==
      "torchrun's variables contradict each other: rank 4 of 4, 1 of 2 on this node, node 1 of 2");
  CHECK(refusal(with(slurm, {{"SLURM_NODEID", "2"}})) ==
        "SLURM_NODEID is 2, but SLURM_STEP_TASKS_PER_NODE=3,1 has 2 nodes");
}

TEST_CASE("any number of nodes within the recipe's range will do") {
  const auto even = with(slurm, {{"SLURM_STEP_TASKS_PER_NODE", "2(x2)"}});
  CHECK(launcher_of(even, counted(CountRange(1, 4), 2)) == "slurm");
  CHECK(launcher_of(even, counted(CountRange(2, 2), 2)) == "slurm");
  CHECK(refusal(even, counted(CountRange(3, 8), 2)) ==
        "topology.nodes is 3..8, but Slurm started 4 tasks on 2 nodes (SLURM_STEP_NUM_NODES=2)");
  CHECK(launcher_of({}, counted(CountRange(1, 4), 2)) == "self");
  CHECK(refusal({}, counted(CountRange(2, 4), {})) ==
        "topology.nodes is 2..4, but this process was started alone: start it on every node with "
        "srun, or send it to Slurm with 'runner submit --nodes 2-4'");
}

TEST_CASE("of the processes that a launcher started the first tells of mistakes") {
  const auto speaks = [](const Variables& variables) {
    return speaks_for_all(environment_of(variables));
  };
  CHECK(speaks({}));
  CHECK(speaks({{"RANK", "3"}}));
  CHECK(speaks(with(slurm, {{"SLURM_PROCID", "0"}})));
  CHECK_FALSE(speaks(with(slurm, {{"SLURM_PROCID", "2"}})));
  CHECK(speaks(with(torchrun, {{"RANK", "0"}})));
  CHECK_FALSE(speaks(with(torchrun, {{"RANK", "1"}})));
  CHECK_FALSE(speaks(with(mpi, {{"OMPI_COMM_WORLD_RANK", "1"}, {"SLURM_PROCID", "0"}})));
}

TEST_CASE("after a failure the ranks are started on the GPUs that are left") {
  const auto ranks_on = [](int before, int left) {
    const auto launch = with_gpus_left(launch_of({}, placed(), before), left);
    return launch ? launch->world_size : 0;
  };
  CHECK(ranks_on(4, 3) == 3);
  CHECK(ranks_on(4, 4) == 4);
  CHECK(ranks_on(4, 5) == 4);
  CHECK(ranks_on(4, 0) == 0);
  CHECK(ranks_on(0, 0) == 1);
  const auto on_cpus = with_gpus_left(launch_of({}, counted({}, 3)), 0);
  REQUIRE(on_cpus);
  CHECK(on_cpus->world_size == 3);
}

TEST_CASE("counts of the recipe that disagree with what was started are refused with both") {
  const auto even = with(slurm, {{"SLURM_STEP_TASKS_PER_NODE", "2(x2)"}});
  CHECK(launcher_of(even, counted(2, 2)) == "slurm");
  CHECK(refusal(even, counted({}, 4)) ==
        "topology.devices is 4, but Slurm started 2 tasks on this node "
        "(SLURM_STEP_TASKS_PER_NODE=2(x2))");
  CHECK(refusal(even, counted(4, 2)) ==
        "topology.nodes is 4, but Slurm started 4 tasks on 2 nodes (SLURM_STEP_NUM_NODES=2)");
  CHECK(refusal(slurm, counted({}, 2)) ==
        "topology.devices is 2, but Slurm started 1 task on this node "
        "(SLURM_STEP_TASKS_PER_NODE=3,1)");
  CHECK(
      refusal(torchrun, counted({}, 8)) ==
      "topology.devices is 8, but torchrun started 2 processes on this node (LOCAL_WORLD_SIZE=2)");
  CHECK(refusal(mpi, counted(1, {})) ==
        "topology.nodes is 1, but mpirun started 4 processes on 2 nodes "
        "(OMPI_MCA_orte_num_nodes=2)");
  Placement alone;
  alone.alone = true;
  CHECK(refusal(slurm, alone) == "topology 'single' is one process, but Slurm started 4 tasks");
}

TEST_CASE("a rank uses the cores that Slurm gave to its task, bound to them or not") {
  auto variables = slurm;
  CHECK_FALSE(launch_of(variables).cpus_per_rank);
  variables["SLURM_STEP_TASKS_PER_NODE"] = "2,2";
  variables["SLURM_CPUS_ON_NODE"] = "16";
  CHECK(launch_of(variables).cpus_per_rank == 8);
  variables["SLURM_CPUS_PER_TASK"] = "4";
  CHECK(launch_of(variables).cpus_per_rank == 4);
}
