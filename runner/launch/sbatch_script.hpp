#pragma once

#include "registry/count_range.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace runner {

/// A run as a job for Slurm.
struct BatchJob {
  std::string name;
  std::optional<std::string> run_id;                 ///< the queued run that the job goes on with
  std::optional<std::filesystem::path> secret_file;  ///< by which its processes know each other
  CountRange nodes;
  int tasks_per_node = 1;
  bool gpus = false;                ///< one for each task
  std::optional<int> gpus_of_task;  ///< all of them for the one task, which divides them
  std::optional<int> array;         ///< so many jobs alike, which share their work by the store
  std::optional<int> cpus_per_task;
  std::vector<std::pair<std::string, std::string>> options;  ///< {"time", "1:00:00"}
  std::string signal;                                        ///< as sbatch's --signal has it
  bool requeue = true;
  bool outlives_nodes = false;          ///< it goes on with those that are left
  std::vector<std::string> more;        ///< "--constraint=a100", after all others
  std::filesystem::path folder;         ///< where it runs
  std::filesystem::path output_folder;  ///< gets the job's output; empty: Slurm's own choice
  std::vector<std::string> command;     ///< what each task runs
};

/// The whole script for sbatch. Throws UserError for a text with a line break among the options.
std::string sbatch_script(const BatchJob& job);

}  // namespace runner
