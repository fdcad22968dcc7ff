#include "tests/slurm/cluster.hpp"

#include <cstdlib>
#include <filesystem>
#include <regex>
#include <thread>

#include <doctest/doctest.h>
#include <signal.h>

using namespace runner;

namespace {

const std::string shipped = std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml";

struct Submitted {
  std::string id, job_id, output;

  std::string printed() const { return read_file(output); }
};

Submitted submit(const Cluster& cluster, const Words& arguments, const Words& before = {}) {
  const auto printed = cluster.run(before + Words{runner_executable(), "submit"} + arguments +
                                   Words{"--json", "--nodes", "2", "--ntasks", "2", on_cpus});
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  const auto told = Json::parse(printed.out);
  return {told.at("id"), told.at("job_id"), told.at("output")};
}

/// In the environment of a command: a Slurm whose controller takes its time.
Words with_slow_scontrol(const Cluster& cluster) {
  const auto bin = cluster.folder.path() / "bin";
  std::filesystem::create_directory(bin);
  const auto script =
      cluster.folder.write("bin/scontrol", "#!/bin/sh\nsleep 3\nexec /usr/bin/scontrol \"$@\"\n");
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  return {"env", "PATH=" + bin.string() + ":" + std::getenv("PATH")};
}

bool wait_for_epochs(const Submitted& submitted) {
  for (int i = 0; i < 600; ++i) {
    if (submitted.printed().find("epoch 1,") != std::string::npos) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

Json run_of(const Cluster& cluster) {
  return cluster.last_run("status,reason,job_id,launcher,world_size,nodes,restarts");
}

}  // namespace

TEST_CASE("a submitted run is queued, running and done under one id, with Slurm's job id") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto submitted = submit(cluster, {shipped, "--sbatch", "hold", "train.epochs=2"});
  const auto queued = run_of(cluster);
  CHECK(queued.at("id") == submitted.id);
  CHECK(queued.at("status") == "queued");
  CHECK(queued.at("job_id") == std::stoi(submitted.job_id));
  CHECK(queued.at("world_size") == 2);
  cluster.scontrol({"release", submitted.job_id});
  CHECK(cluster.wait_for_status("running"));
  CHECK(cluster.wait_for_status("done"));
  const auto done = run_of(cluster);
  CHECK(done.at("id") == submitted.id);
  CHECK(done.at("job_id") == std::stoi(submitted.job_id));
  CHECK(done.at("launcher") == "slurm");
  CHECK(done.at("nodes") == 2);
  CHECK(done.at("restarts") == 0);
  CHECK(submitted.printed().find("run " + submitted.id + " is done: 314 steps") !=
        std::string::npos);
}

TEST_CASE("a job that Slurm requeues goes on as the same run, and its restart is counted") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto submitted = submit(cluster, {shipped, "train.epochs=8"});
  REQUIRE(cluster.wait_for_status("running"));
  cluster.scontrol({"requeue", submitted.job_id});
  CHECK(cluster.wait_for_status("interrupted"));
  cluster.start_again(submitted.job_id);
  CHECK(cluster.wait_for_status("done"));
  const auto run = run_of(cluster);
  CHECK(run.at("id") == submitted.id);
  CHECK(run.at("restarts") == 1);
  CHECK(cluster.job_field(submitted.job_id, "Restarts") == "1");
  CHECK(cluster.left() == std::vector<pid_t>{});
}

TEST_CASE("a job that is warned of its end saves, requeues itself, and goes on where it stopped") {
  const Cluster cluster;
  if (cluster.missing()) return;
  // While rank 0's process has its job requeued, srun must not see that another has ended.
  const auto submitted =
      submit(cluster, {shipped, "train.epochs=100000"}, with_slow_scontrol(cluster));
  REQUIRE(wait_for_epochs(submitted));
  cluster.aside({"scancel", "--signal=USR1", submitted.job_id});
  CHECK(cluster.wait_for_status("interrupted"));
  cluster.start_again(submitted.job_id);
  CHECK(cluster.wait_for_status("running"));
  for (int i = 0; i < 200 && submitted.printed().find("resumed ") == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto printed = submitted.printed();
  CAPTURE(printed);
  std::smatch stopped, resumed;
  REQUIRE(std::regex_search(printed, stopped, std::regex("stopped at step ([0-9,]+)")));
  REQUIRE(std::regex_search(printed, resumed, std::regex("resumed +after step ([0-9,]+)")));
  const auto digits = [](std::string text) { return std::erase(text, ','), text; };
  CHECK(digits(stopped[1]) == digits(resumed[1]));
  const auto run = run_of(cluster);
  CHECK(run.at("id") == submitted.id);
  CHECK(run.at("restarts") == 1);
  cluster.aside({"scancel", submitted.job_id});
  CHECK(cluster.wait_for_status("interrupted"));
  CHECK(cluster.left() == std::vector<pid_t>{});
}

TEST_CASE("what sbatch refuses is an error with its reason, and a failed run") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto printed =
      cluster.run({runner_executable(), "submit", shipped, "--partition", "nonesuch"});
  const std::string reason =
      "sbatch took no job: invalid partition specified: nonesuch; Batch job submission failed: "
      "Invalid partition name specified";
  CHECK(printed.code == 1);
  CHECK(printed.err == "runner: " + reason + "\n");
  CHECK(run_of(cluster).at("status") == "failed");
  CHECK(run_of(cluster).at("reason") == reason);
}

TEST_CASE("a submitted run that fails is recorded with its reason, and its job fails") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto submitted = submit(cluster, {shipped, "optimizer={name: sgd, lr: 1e30}"});
  CHECK(cluster.wait_for_status("failed"));
  CHECK(run_of(cluster).at("reason").get<std::string>().starts_with("loss is "));
  CHECK(cluster.wait_for_job(submitted.job_id, "FAILED"));
  CHECK(cluster.job_field(submitted.job_id, "ExitCode") == "1:0");
}

TEST_CASE("a submitted run whose recipe has gone by its start is recorded as failed") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto recipe = cluster.folder.write("mine.yaml", read_file(shipped));
  const auto submitted = submit(cluster, {recipe, "--sbatch", "hold"});
  std::filesystem::remove(recipe);
  cluster.scontrol({"release", submitted.job_id});
  CHECK(cluster.wait_for_status("failed"));
  CHECK(run_of(cluster).at("id") == submitted.id);
  CHECK(run_of(cluster).at("reason").get<std::string>().find("mine.yaml") != std::string::npos);
}

TEST_CASE("a job that is cancelled before its start does not leave its run queued") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto submitted = submit(cluster, {shipped, "--sbatch", "hold"});
  cluster.aside({"scancel", submitted.job_id});
  CHECK(run_of(cluster).at("status") != "queued");
  CHECK(run_of(cluster).at("reason") == "Slurm job " + submitted.job_id + " is CANCELLED");
}

TEST_CASE("a submitted run whose runner on the other node is killed is recorded as failed") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto submitted = submit(cluster, Words{shipped} + endless);
  REQUIRE(wait_for_epochs(submitted));
  kill(cluster.process("runner", 1), SIGKILL);
  // srun ends the others, too, as soon as it notices.
  CHECK(cluster.left() == std::vector<pid_t>{});
  CHECK(run_of(cluster).at("status") == "failed");
  CHECK(numbers_replaced(run_of(cluster).at("reason")) ==
        "rank N on nodeN went away at step N: the connection to its runner closed");
}

TEST_CASE("a job that a more urgent one pushes out interrupts its run in time") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto submitted = submit(cluster, Words{shipped} + endless);
  REQUIRE(wait_for_epochs(submitted));
  const auto urgent =
      cluster.aside({"srun", "--partition=urgent", "--nodes=2", "--exclusive", "true"});
  CHECK(urgent.code == 0);
  CHECK(run_of(cluster).at("status") == "interrupted");
  CHECK(cluster.left() == std::vector<pid_t>{});
}

namespace {

/// One task on each of one to two nodes.
Submitted submit_elastic(const Cluster& cluster, const Words& overrides) {
  const auto printed = cluster.run(
      Words{runner_executable(), "submit", shipped, "--json",
            "topology={name: ddp, device: cpu, threads: 1, devices: 1, nodes: 1..2, heartbeat: 2, "
            "timeout: 20, restarts: 1}",
            "save.every=50 steps"} +
      overrides);
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  const auto told = Json::parse(printed.out);
  return {told.at("id"), told.at("job_id"), told.at("output")};
}

}  // namespace

TEST_CASE("a job of one to two nodes takes both, and goes on with one when the other is lost") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto submitted = submit_elastic(cluster, {"train.epochs=30"});
  REQUIRE(wait_for_epochs(submitted));
  CHECK(run_of(cluster).at("world_size") == 2);
  const auto secret_file = cluster.folder.path() / ".runner/slurm" / (submitted.id + ".secret");
  CHECK(std::filesystem::status(secret_file).permissions() == std::filesystem::perms(0600));
  CHECK(submitted.printed().find("WARNING: any process") == std::string::npos);
  kill(cluster.process("runner", 1), SIGKILL);
  CHECK(cluster.wait_for_status("done"));
  const auto run = run_of(cluster);
  CHECK(run.at("id") == submitted.id);
  CHECK(run.at("restarts") == 1);
  CHECK(run.at("world_size") == 1);
  CHECK(submitted.printed().find("going on with 1 of 2 ranks (restart 1 of 1)\n") !=
        std::string::npos);
  CHECK(cluster.left() == std::vector<pid_t>{});
}

TEST_CASE("a requeued job that gets another number of nodes goes on from its last checkpoint") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto submitted = submit_elastic(cluster, {"train.epochs=40"});
  REQUIRE(wait_for_epochs(submitted));
  cluster.scontrol({"update", "NodeName=node2", "State=DRAIN", "Reason=test"});
  cluster.scontrol({"requeue", submitted.job_id});
  CHECK(cluster.wait_for_status("interrupted"));
  cluster.start_again(submitted.job_id);
  CHECK(cluster.wait_for_status("done"));
  cluster.scontrol({"update", "NodeName=node2", "State=RESUME"});
  const auto run = run_of(cluster);
  CHECK(run.at("id") == submitted.id);
  CHECK(run.at("restarts") == 1);
  CHECK(run.at("nodes") == 1);
  CHECK(submitted.printed().find("resumed    after step ") != std::string::npos);
}
