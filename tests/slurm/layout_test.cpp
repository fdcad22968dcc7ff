#include "runner/launch/shell_command.hpp"
#include "tests/slurm/cluster.hpp"

#include <cmath>
#include <map>
#include <regex>
#include <sstream>

#include <doctest/doctest.h>

using namespace runner;

namespace {

const Words one_step{"train.max_steps=1"};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string launch_line(const std::string& text) {
  std::smatch found;
  return std::regex_search(text, found, std::regex("launch +(.*)\n")) ? found[1].str() : "none";
}

/// The loss of every step, as a run with --json prints it.
std::map<int, double> losses(const Cluster& cluster, const Words& launcher) {
  const auto printed = cluster.run(
      launcher + training({"--json", "precision=fp64", "model.dropout=0.3", "train.batch_size=50",
                           "train.max_steps=30", "dataset.samples=1010", "log.every=1 steps"}));
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  std::map<int, double> found;
  std::istringstream lines(printed.out);
  for (std::string line; std::getline(lines, line);) {
    const auto message = Json::parse(line);
    if (message.at("event") != "metrics") continue;
    for (const auto& point : message.at("points"))
      if (point.at(0) == "train/loss") found[point.at(1)] = point.at(3);
  }
  return found;
}

}  // namespace

TEST_CASE("two tasks on each of two nodes are one run, and only rank 0 speaks") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto printed = cluster.run(two_by_two + training({"train.epochs=1"}));
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  CHECK(launch_line(printed.out) ==
        "4 ranks on 2 nodes x 2, started by slurm (SLURM_STEP_ID is set), gloo; 64 samples a step "
        "= 4 x "
        "16");
  CHECK(std::regex_match(printed.out,
                         std::regex("run  [^]*\nepoch 1, step 157: [^\n]*/2000 \\([^\n]*\n"
                                    "run [0-9a-z]+ is done: 157 steps in [^\n]*\n")));
  CHECK(printed.err == "");
  const auto run = cluster.last_run("status,world_size,nodes,launcher,job_id");
  CHECK(run.at("status") == "done");
  CHECK(run.at("world_size") == 4);
  CHECK(run.at("nodes") == 2);
  CHECK(run.at("launcher") == "slurm");
  CHECK(run.at("job_id") > 0);
}

TEST_CASE("tasks on two nodes, evenly or not, give the loss curve of one process") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto alone = losses(cluster, {});
  REQUIRE(alone.size() == 30);
  for (const auto& layout : {two_by_two, Words{"srun", "--nodes=2", "--ntasks=4"},
                             Words{"srun", "--nodes=2", "--ntasks=3"}}) {
    const auto found = losses(cluster, layout);
    REQUIRE(found.size() == alone.size());
    for (const auto& [step, loss] : alone) CHECK(std::abs(found.at(step) - loss) < 1e-10);
  }
}

TEST_CASE("three tasks on one node and one on the other evaluate every sample once") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto printed =
      cluster.run(Words{"srun", "--nodes=2", "--ntasks=4"} + training({"train.epochs=1"}));
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  CHECK(launch_line(printed.out).starts_with("4 ranks on 2 nodes, unevenly, started by slurm"));
  CHECK(std::regex_search(printed.out, std::regex("accuracy: [0-9]+/2000 ")));
}

TEST_CASE("the shell of a batch script is not a rank, and is told of srun") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto run = shell_command(training(one_step));
  CHECK(numbers_replaced(cluster.batch(run + "\necho code $?\n")) ==
        "runner: this is the batch script's shell of Slurm job N (N nodes, N tasks), which runs "
        "once, on the job's first node: start it with 'srun runner run ...', or say "
        "topology.launcher=srun and runner calls srun itself, or topology.launcher=self for this "
        "node alone\ncode N\n");
  CHECK(holds(read_file(cluster.folder.path() / "job"), "(2 nodes, 4 tasks)"));
  CHECK(read_file(cluster.folder.path() / "job").ends_with("code 2\n"));
}

TEST_CASE("from the shell of a batch script, runner calls srun itself when told, or runs alone") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto run = [&](const std::string& launcher) {
    return shell_command(training(one_step + Words{"topology.launcher=" + launcher})) + "\n";
  };
  CHECK(launch_line(cluster.batch(run("srun"))) ==
        "4 ranks on 2 nodes x 2, started by slurm (topology.launcher is srun), gloo; 64 samples a "
        "step = "
        "4 x 16");
  CHECK(cluster.last_run("status,nodes").at("nodes") == 2);
  CHECK(launch_line(cluster.batch(run("self"))) ==
        "1 rank, started by this process (topology.launcher is self); 64 samples a step = 1 x 64");
  CHECK(cluster.last_run("status").at("status") == "done");
}

TEST_CASE("outside of any job, runner calls srun itself when told") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto printed =
      cluster.run(training(one_step + Words{"topology={name: ddp, device: cpu, launcher: srun, "
                                            "nodes: 2, devices: 2}"}));
  CHECK(printed.code == 0);
  CHECK(launch_line(printed.out).starts_with("4 ranks on 2 nodes x 2, started by slurm"));
}

TEST_CASE("a run that called srun is resumed by srun, too") {
  const Cluster cluster;
  if (cluster.missing()) return;
  REQUIRE(cluster
              .run(training(one_step + Words{"topology={name: ddp, device: cpu, launcher: srun, "
                                             "threads: 1, nodes: 2, devices: 1}"}))
              .code == 0);
  const auto resumed = cluster.run({runner_executable(), "resume", "last", "train.max_steps=2"});
  CAPTURE(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(launch_line(resumed.out).starts_with("2 ranks on 2 nodes x 1, started by slurm"));
  CHECK(holds(resumed.out, "resumed    after step 1\n"));
}

TEST_CASE("an interactive allocation does not break a plain local run") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto run = training(one_step);
  const auto allocated = cluster.run(Words{"salloc", "--nodes=2", "--ntasks-per-node=2"} + run);
  CHECK(allocated.code == 0);
  CHECK(launch_line(allocated.out) ==
        "1 rank, started by this process (not under srun, torchrun or mpirun); 64 samples a step = "
        "1 x 64");
  const auto task = cluster.run(Words{"srun", "--ntasks=1"} + run);
  CHECK(task.code == 0);
  CHECK(
      launch_line(task.out) ==
      "1 rank, started by this process (the Slurm step has one task); 64 samples a step = 1 x 64");
  // script(1) gives srun a terminal.
  const auto terminal =
      cluster.run({"script", "--quiet", "--return", "--command",
                   "salloc --nodes=2 srun --ntasks=1 --pty " + shell_command(run), "/dev/null"});
  CHECK(terminal.code == 0);
  CHECK(holds(terminal.out, "1 rank, started by this process (the Slurm step has one task)"));
}

TEST_CASE("counts of the recipe that disagree with the tasks are refused, with both numbers") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto refusal = [&](const std::string& topology) {
    const auto printed = cluster.run(two_by_two + training({"topology=" + topology}));
    CHECK(printed.code == 2);
    CHECK(printed.out == "");
    return printed.err;
  };
  CHECK(holds(refusal("{name: ddp, devices: 4}"),
              "runner: topology.devices is 4, but Slurm started 2 tasks on this node "
              "(SLURM_STEP_TASKS_PER_NODE=2(x2))\n"));
  CHECK(holds(refusal("{name: ddp, nodes: 3}"),
              "runner: topology.nodes is 3, but Slurm started 4 tasks on 2 nodes "
              "(SLURM_STEP_NUM_NODES=2)\n"));
  CHECK(holds(refusal("single"),
              "runner: topology 'single' is one process, but Slurm started 4 tasks\n"));
}

TEST_CASE("a mistake in the recipe is printed once, and not by every task") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto printed = cluster.run(two_by_two + training({"train.epocs=3"}));
  CHECK(printed.code == 2);
  const auto first = printed.err.find("'train' has no field 'epocs'");
  CHECK(first != std::string::npos);
  CHECK(printed.err.find("'train' has no field 'epocs'", first + 1) == std::string::npos);
}

TEST_CASE("any number of nodes within the recipe's range is taken, and one outside refused") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto on = [&](const std::string& nodes, const std::string& range) {
    return cluster.run(Words{"srun", "--nodes=" + nodes, "--ntasks-per-node=2"} +
                       training(one_step + Words{"topology={name: ddp, device: cpu, threads: 1, "
                                                 "nodes: " +
                                                 range + "}"}));
  };
  CHECK(launch_line(on("2", "1..4").out).starts_with("4 ranks on 2 nodes x 2"));
  CHECK(launch_line(on("1", "1..4").out).starts_with("2 ranks on 1 node x 2"));
  const auto called = cluster.run(
      training(one_step + Words{"topology={name: ddp, device: cpu, launcher: srun, threads: 1, "
                                "nodes: 1..2, devices: 2}"}));
  CHECK(launch_line(called.out).starts_with("4 ranks on 2 nodes x 2"));
  const auto refused = on("2", "3..4");
  CHECK(refused.code == 2);
  CHECK(holds(refused.err,
              "runner: topology.nodes is 3..4, but Slurm started 4 tasks on 2 nodes "
              "(SLURM_STEP_NUM_NODES=2)\n"));
}

TEST_CASE("two steps of one job run side by side, into one database") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto step = [](const std::string& name) {
    return "srun --exact --nodes=2 --ntasks=2 " +
           shell_command(training({"train.epochs=1", "name=" + name})) + " >" + name + " 2>&1 &\n";
  };
  cluster.batch(step("first") + step("second") + "wait\n");
  for (const auto* name : {"first", "second"}) {
    const auto printed = read_file(cluster.folder.path() / name);
    CAPTURE(printed);
    CHECK(launch_line(printed).starts_with("2 ranks on 2 nodes x 1, started by slurm"));
    CHECK(std::regex_search(printed, std::regex("run [0-9a-z]+ is done: 157 steps")));
  }
  const auto listed = cluster.run({runner_executable(), "list", "--json"});
  CHECK(Json::parse(listed.out).size() == 2);
}
