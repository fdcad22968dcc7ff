#pragma once

#include "tests/program/program.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace runner {

using Words = std::vector<std::string>;

Words operator+(Words words, const Words& more);

/// One thread for each rank: both nodes have the cores of this machine.
inline const std::string on_cpus =
    "topology={name: ddp, device: cpu, threads: 1, heartbeat: 2, timeout: 20}";

/// `runner run recipes/synthetic.yaml` on CPUs.
Words training(const Words& overrides = {});

inline const Words endless{"train.epochs=100000"};

/// Two tasks on each of the two nodes.
inline const Words two_by_two{"srun", "--nodes=2", "--ntasks-per-node=2"};

/// A real Slurm cluster with the nodes node1 and node2, which share this machine's files and
/// processes. CTest starts it for all tests; without CTest this process does.
///
/// Each test has it for itself, with a folder, and leaves no job behind.
class Cluster {
 public:
  Cluster();
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  /// CTest counts a test that says why there is no cluster as skipped.
  bool missing() const;

  /// Commands see the cluster, and work in the test's folder.
  Program start(const Words& command) const { return start_in(folder.path(), command); }
  Printed run(const Words& command) const { return start(command).wait(); }
  /// While another runs: its output goes to other files.
  Printed aside(const Words& command) const;
  /// Runs the text as a batch script of two tasks on each of the two nodes; gives what it printed.
  std::string batch(const std::string& script, const Words& options = {}) const;
  /// Ends once scontrol has done it.
  void scontrol(const Words& words) const;

  /// What `runner list` says of the latest run.
  Json last_run(const std::string& columns) const;
  /// Waits, at most a minute, for one of them: "failed|crashed".
  bool wait_for_status(const std::string& statuses) const;

  /// What scontrol says of a job: "JobState", "Restarts".
  std::string job_field(const std::string& job, const std::string& field) const;
  /// Waits, at most a minute, for the job's state.
  bool wait_for_job(const std::string& job, const std::string& state) const;
  /// Ends once a job that was requeued may start at once.
  void start_again(const std::string& job) const;

  /// The only Slurm job.
  std::string job() const;
  /// E.g. the "runner-worker" of a rank.
  pid_t process(const std::string& program, int rank) const;
  /// What is left running of this test on any node.
  std::vector<pid_t> left() const { return left_running(mark()); }

  TemporaryDirectory folder;

 private:
  std::string mark() const { return folder.path().filename().string(); }
  void end_all_jobs() const;
  Program start_in(const std::filesystem::path& where, const Words& command) const;

  int lock_ = -1;
};

double seconds_since(std::chrono::steady_clock::time_point start);

}  // namespace runner
