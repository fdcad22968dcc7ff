#include "tests/slurm/cluster.hpp"

#include <regex>
#include <thread>

#include <doctest/doctest.h>
#include <signal.h>

using namespace runner;

namespace {

/// Four ranks that have trained an epoch and would go on for ever.
struct EndlessStep {
  explicit EndlessStep(const Cluster& cluster)
      : program(cluster.start(two_by_two + training(endless))) {
    REQUIRE(program.wait_for("epoch 1,"));
  }
  Program program;
};

/// Ranks 0 and 1 wait for rank 2.
class WaitingStep {
 public:
  explicit WaitingStep(const Cluster& cluster)
      : cluster_(cluster),
        program_(cluster.start(Words{"srun", "--nodes=2", "--ntasks=3", "bash", late()} +
                               training({"--json"}))) {
    REQUIRE(program_.wait_for("\"started\""));
    std::this_thread::sleep_for(std::chrono::seconds(1));  // rank 1 has come to rank 0
  }

  Printed let_the_last_come() {
    cluster_.folder.write("go", "");
    return program_.wait();
  }

 private:
  std::string late() const {
    return cluster_.folder.write("late",
                                 "if [ $SLURM_PROCID = 2 ]; then\n"
                                 "  until [ -e go ]; do sleep 0.1; done\n"
                                 "fi\n"
                                 "exec \"$@\"\n");
  }

  const Cluster& cluster_;
  Program program_;
};

struct Ended {
  Printed printed;
  double seconds = 0;
};

Ended end_by(const Cluster& cluster, EndlessStep& step, const std::string& program, int rank,
             int signal) {
  const auto start = std::chrono::steady_clock::now();
  kill(cluster.process(program, rank), signal);
  Ended ended{step.program.wait(), seconds_since(start)};
  MESSAGE(program << " of rank " << rank << ": the job ended after " << ended.seconds << " s");
  return ended;
}

}  // namespace

TEST_CASE("a killed worker on either node ends the job at once, named with host and step") {
  const Cluster cluster;
  if (cluster.missing()) return;
  for (const auto& [rank, host] : {std::pair{3, "node2"}, {0, "node1"}}) {
    EndlessStep step(cluster);
    const auto ended = end_by(cluster, step, "runner-worker", rank, SIGKILL);
    CAPTURE(ended.printed.err);
    CHECK(ended.seconds < 2);
    CHECK(ended.printed.code == 1);
    const auto cause = "rank " + std::to_string(rank) + " on " + host +
                       " was killed by SIGKILL \\(Killed\\) at step [1-9][0-9]*";
    CHECK(std::regex_search(ended.printed.err,
                            std::regex("runner: run [0-9a-z]+ failed after [^:]+: " + cause)));
    CHECK(cluster.left() == std::vector<pid_t>{});
    const auto run = cluster.last_run("status,reason");
    CHECK(run.at("status") == "failed");
    CHECK(std::regex_match(run.at("reason").get<std::string>(), std::regex(cause)));
  }
}

TEST_CASE("a stopped worker on the other node is named within the heartbeat") {
  const Cluster cluster;
  if (cluster.missing()) return;
  EndlessStep step(cluster);
  const auto ended = end_by(cluster, step, "runner-worker", 2, SIGSTOP);
  CAPTURE(ended.printed.err);
  CHECK(ended.seconds < 4);
  CHECK(ended.printed.code == 1);
  CHECK(std::regex_search(
      ended.printed.err, std::regex("rank 2 on node2 hangs at step [0-9]+: no sign of life for 2 s "
                                    "\\(topology.heartbeat\\)\n")));
  CHECK(cluster.left() == std::vector<pid_t>{});
  CHECK(cluster.last_run("status").at("status") == "failed");
}

TEST_CASE("a killed runner on the other node ends the job, and is named") {
  const Cluster cluster;
  if (cluster.missing()) return;
  EndlessStep step(cluster);
  const auto ended = end_by(cluster, step, "runner", 3, SIGKILL);
  CAPTURE(ended.printed.err);
  CHECK(ended.seconds < 2);
  CHECK(ended.printed.code != 0);
  CHECK(std::regex_search(ended.printed.err,
                          std::regex(": rank 3 on node2 went away at step [0-9]+: the connection "
                                     "to its runner closed\n")));
  CHECK(cluster.left() == std::vector<pid_t>{});
  CHECK(cluster.last_run("status").at("status") == "failed");
}

TEST_CASE("a stopped runner on the other node is named within the heartbeat") {
  const Cluster cluster;
  if (cluster.missing()) return;
  EndlessStep step(cluster);
  const auto runner = cluster.process("runner", 3);
  const auto ended = [&] {
    const auto start = std::chrono::steady_clock::now();
    kill(runner, SIGSTOP);
    const bool told = cluster.wait_for_status("failed");
    CHECK(told);
    CHECK(seconds_since(start) < 7);
    kill(runner, SIGCONT);
    return step.program.wait();
  }();
  CAPTURE(ended.err);
  CHECK(ended.code == 1);
  CHECK(std::regex_search(ended.err,
                          std::regex(": rank 3 on node2 hangs at step [0-9]+: no sign of life")));
  CHECK(cluster.left() == std::vector<pid_t>{});
}

TEST_CASE("when the runner of rank 0 is killed, all others end and say why") {
  const Cluster cluster;
  if (cluster.missing()) return;
  EndlessStep step(cluster);
  const auto ended = end_by(cluster, step, "runner", 0, SIGKILL);
  CAPTURE(ended.printed.err);
  CHECK(ended.seconds < 2);
  CHECK(ended.printed.code != 0);
  for (const auto* rank : {"1", "2", "3"})
    CHECK(ended.printed.err.find("runner: rank " + std::string(rank) +
                                 ": the runner of rank 0 went away\n") != std::string::npos);
  CHECK(cluster.left() == std::vector<pid_t>{});
  CHECK(cluster.wait_for_status("crashed"));
}

TEST_CASE("scancel interrupts a run: it stops after a step, and the store says so") {
  const Cluster cluster;
  if (cluster.missing()) return;
  EndlessStep step(cluster);
  cluster.aside({"scancel", cluster.job()});
  CHECK(step.program.wait().code == 3);
  const auto run = cluster.last_run("status,reason");
  CHECK(run.at("status") == "interrupted");
  CHECK(numbers_replaced(run.at("reason")) == "stopped at step N");
  CHECK(cluster.left() == std::vector<pid_t>{});
}

TEST_CASE("scancel before the ranks have met interrupts the run, too") {
  const Cluster cluster;
  if (cluster.missing()) return;
  auto program = cluster.start(two_by_two + training(endless + Words{"--json"}));
  REQUIRE(program.wait_for("\"started\""));
  cluster.aside({"scancel", cluster.job()});
  CHECK(program.wait().code != 0);  // a runner that has only just been started dies of it
  CHECK(cluster.last_run("status").at("status") == "interrupted");
  CHECK(cluster.left() == std::vector<pid_t>{});
}

TEST_CASE("a task that is told to stop while it waits for the others interrupts the run") {
  const Cluster cluster;
  if (cluster.missing()) return;
  WaitingStep step(cluster);
  kill(cluster.process("runner", 1), SIGTERM);
  CHECK(step.let_the_last_come().code == 3);
  const auto run = cluster.last_run("status,reason");
  CHECK(run.at("status") == "interrupted");
  CHECK(run.at("reason") == "stopped before all ranks had come");
  CHECK(cluster.left() == std::vector<pid_t>{});
}

TEST_CASE("a worker that is killed while its runner waits for the others is a failure") {
  const Cluster cluster;
  if (cluster.missing()) return;
  WaitingStep step(cluster);
  kill(cluster.process("runner-worker", 1), SIGKILL);
  const auto printed = step.let_the_last_come();
  CHECK(printed.code == 1);
  const auto run = cluster.last_run("status,reason");
  CHECK(run.at("status") == "failed");
  CHECK(run.at("reason") == "rank 1 on node1 was killed by SIGKILL (Killed) at step 0");
  CHECK(cluster.left() == std::vector<pid_t>{});
}

TEST_CASE("USR1, as sbatch --signal sends it, stops all ranks after the same step") {
  const Cluster cluster;
  if (cluster.missing()) return;
  EndlessStep step(cluster);
  cluster.aside({"scancel", "--signal=USR1", cluster.job()});
  const auto printed = step.program.wait();
  CAPTURE(printed.err);
  CHECK(printed.code == 3);
  CHECK(std::regex_search(printed.out,
                          std::regex("was interrupted after [^:]+: stopped at step [0-9]+\n")));
  CHECK(std::regex_search(printed.err, std::regex("node2: tasks 2-3: Exited with exit code 3")));
  CHECK(cluster.last_run("status").at("status") == "interrupted");
  CHECK(cluster.left() == std::vector<pid_t>{});
}

TEST_CASE("a killed srun takes the run along on both nodes") {
  const Cluster cluster;
  if (cluster.missing()) return;
  EndlessStep step(cluster);
  step.program.signal(SIGTERM);
  CHECK(step.program.wait().code != 0);
  CHECK(cluster.left() == std::vector<pid_t>{});
  // Where the other node's tasks die first, rank 0 has the time to note it.
  CHECK(cluster.wait_for_status("crashed|failed"));
}
