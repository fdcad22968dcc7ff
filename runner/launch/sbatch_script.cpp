#include "runner/launch/sbatch_script.hpp"

#include "experiments/error.hpp"
#include "runner/launch/job_size.hpp"
#include "runner/launch/shell_command.hpp"
#include "runner/launch/srun.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

// sbatch reads quotes as a shell does, and ends at a line break where a shell would not.
void refuse_line_break(const std::string& text) {
  if (text.find_first_of("\r\n") != std::string::npos)
    throw UserError(fmt::format("'{}' has a line break, which sbatch cannot read", text));
}

std::string directive(const std::string& option) {
  refuse_line_break(option);
  return fmt::format("#SBATCH {}\n", option);
}

std::string directive(const std::string& option, const std::string& value) {
  return directive(fmt::format("--{}={}", option, shell_command({value})));
}

// Slurm fills in what stands behind a %.
std::string escaped(const std::string& path) {
  std::string text;
  for (const char c : path) text += c == '%' ? std::string("%%") : std::string(1, c);
  return text;
}

std::string size_directives(const BatchJob& job) {
  const auto per_node = fmt::format("{}", job.tasks_per_node);
  std::string text = directive("nodes", slurm_nodes(job.nodes));
  // With tasks, Slurm would take the range for the nodes that its least number of them fills.
  if (job.nodes.is_open())
    text +=
        directive("mincpus", fmt::format("{}", job.tasks_per_node * job.cpus_per_task.value_or(1)));
  else
    text += directive("ntasks-per-node", per_node);
  if (job.gpus_of_task)
    text += directive("gpus-per-node", fmt::format("{}", *job.gpus_of_task));
  else if (job.gpus)
    text += directive("gpus-per-node", per_node);
  if (job.cpus_per_task) text += directive("cpus-per-task", fmt::format("{}", *job.cpus_per_task));
  return text;
}

std::string directives(const BatchJob& job) {
  std::string text = directive("job-name", job.name) + size_directives(job);
  if (job.array) text += directive("array", fmt::format("1-{}", *job.array));
  for (const auto& [option, value] : job.options) text += directive(option, value);
  text += directive("signal", job.signal);
  if (job.outlives_nodes) text += directive("--no-kill");
  text += directive(job.requeue ? "--requeue" : "--no-requeue");
  text += directive("open-mode", "append");
  if (!job.output_folder.empty())
    text += directive("output", escaped(job.output_folder.string()) + "/%j.out");
  text += directive("chdir", job.folder.string());
  for (const auto& option : job.more) {
    const auto end = std::min(option.find('='), option.size());
    text += end == option.size()
                ? directive(option)
                : directive(option.substr(0, end + 1) + shell_command({option.substr(end + 1)}));
  }
  return text;
}

std::string srun_line(const BatchJob& job) {
  // ALL: sbatch --export=NONE would keep RUNNER_RUN from the tasks, too.
  std::vector<std::string> words = {"exec", "srun"};
  for (auto& option : srun_policy(job.outlives_nodes)) words.push_back(std::move(option));
  words.emplace_back("--export=ALL");
  if (job.nodes.is_open()) words.push_back(fmt::format("--ntasks-per-node={}", job.tasks_per_node));
  if (job.cpus_per_task) words.push_back(fmt::format("--cpus-per-task={}", *job.cpus_per_task));
  words.insert(words.end(), job.command.begin(), job.command.end());
  return shell_command(words) + "\n";
}

}  // namespace

std::string sbatch_script(const BatchJob& job) {
  return "#!/bin/bash\n" + directives(job) + "\n" +
         (job.run_id ? "export RUNNER_RUN=" + *job.run_id + "\n" : "") +
         (job.secret_file ? "export RUNNER_SECRET_FILE=" + shell_command({*job.secret_file}) + "\n"
                          : "") +
         (job.array && job.requeue ? "export RUNNER_REQUEUE=1\n" : "") + srun_line(job);
}

}  // namespace runner
