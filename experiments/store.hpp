#pragma once

#include "experiments/run.hpp"
#include "experiments/sqlite.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runner {

/// How a run stood before a process claimed it.
struct Standing {
  std::string status;
  Value reason, ended;
  Process process;
};

/// An open database of runs: of this program's schema version, with the runs of dead processes
/// marked as crashed where no other process keeps this one from writing.
class Store {
 public:
  /// Creates the file and its folder where they are missing.
  static Store create_or_open(const std::filesystem::path& file);
  /// For commands that only read: nothing waits for the writers' lock, and nothing needs to be
  /// written; a database of an older version that cannot be brought forward at once is read as it
  /// is. Throws UserError when there is no database yet.
  static Store open(const std::filesystem::path& file);
  /// For commands that change what is there. Throws UserError when there is no database yet.
  static Store open_to_write(const std::filesystem::path& file);

  /// Records a run as running, from now on, and gives its id: `wanted`, which no run may have, or
  /// a new one.
  std::string begin(const Run& run, const std::optional<std::string>& wanted = {});
  /// The same, within a transaction that is open already.
  std::string begin(const Run& run, const Transaction& open);
  /// Records a run that is to run later, in a process that is not known yet, and gives its id.
  std::string queue(const Run& run);
  /// A queued run, or one that ran before, is running from now on, as `run` describes it now. The
  /// second time and later count as restarts: the run goes on after `step`, keeps its start and its
  /// points until there, and loses its end; later points are those of an earlier attempt from now
  /// on. Throws UserError when there is no such run, or when a process of this host has it.
  void start(std::string_view run_id, const Run& run, std::int64_t step = 0);
  /// A run that is queued, or ran before, is `running` in `process`, which has still to see whether
  /// it can go on: nothing else changes. Gives how it stood; throws UserError as `start` does.
  Standing claim(std::string_view run_id, const Process& process);
  /// Undoes a claim.
  void give_back(std::string_view run_id, const Standing& standing);
  /// The checkpoints of a run, the newest first.
  std::vector<Checkpoint> checkpoints(std::string_view run_id);
  void forget_checkpoint(std::string_view run_id, std::int64_t step);
  /// A run that is still queued has failed and will not start.
  void give_up_queued(std::string_view run_id, std::string_view reason);
  /// Runs with a Slurm job that are queued, or running on other hosts: {run, job}.
  std::vector<std::pair<std::string, std::string>> runs_of_jobs(std::string_view this_host);
  /// Their job has ended: a queued run has failed, a running one has crashed.
  void end_run_of_job(std::string_view run_id, std::string_view reason);
  /// What only the running process can know.
  void set_device(std::string_view run_id, std::string_view device);
  void set_data(std::string_view run_id, std::string_view json);
  void set_versions(std::string_view run_id, std::string_view json);
  void set_job(std::string_view run_id, std::string_view job_id);
  void set_logs(std::string_view run_id, std::string_view folder);

  /// Runs of this host that claim to be running although their process has ended become `crashed`,
  /// unless another process is writing; gives their number. Opening does this, too.
  int mark_crashed_runs();

  Database& database() { return database_; }
  const Database& database() const { return database_; }

 private:
  explicit Store(Database database) : database_(std::move(database)) {}
  static Store existing(const std::filesystem::path& file);
  void prepare();
  void bring_forward();
  std::string add(const Run& run, Status status, const Process& process, const Transaction& open,
                  const std::optional<std::string>& wanted = {});
  void refuse_to_start_twice(std::string_view run_id);
  void go_back(std::string_view run_id, std::int64_t step);

  Database database_;
};

}  // namespace runner
