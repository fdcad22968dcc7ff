#include "runner/commands/submit.hpp"

#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/permissions.hpp"
#include "experiments/recorder.hpp"
#include "experiments/store.hpp"
#include "registry/topologies/placement.hpp"
#include "runner/commands/options.hpp"
#include "runner/exchange/output.hpp"
#include "runner/launch/job_size.hpp"
#include "runner/launch/sbatch.hpp"
#include "runner/launch/sbatch_script.hpp"
#include "runner/launch/secret.hpp"
#include "runner/launch/shell_command.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/record/describe.hpp"
#include "runner/sweep/sweep_recipe.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace runner {
namespace {

namespace fs = std::filesystem;

struct SubmitOptions {
  std::string recipe;
  std::vector<std::string> overrides;
  WantedSize size;
  std::optional<int> array;
  std::optional<int> cpus_per_task;
  std::string time, partition, account, qos, mem;
  std::string signal = "USR1@90";
  bool no_requeue = false;
  std::vector<std::string> sbatch;
  std::optional<fs::path> database;
  std::string command;
  bool print = false;
  bool json = false;
};

std::vector<std::pair<std::string, std::string>> given(const SubmitOptions& options) {
  std::vector<std::pair<std::string, std::string>> given;
  for (const auto& [name, value] : {std::pair("time", options.time),
                                    {"partition", options.partition},
                                    {"account", options.account},
                                    {"qos", options.qos},
                                    {"mem", options.mem}})
    if (!value.empty()) given.emplace_back(name, value);
  return given;
}

std::vector<std::string> run_command(const SubmitOptions& options, const fs::path& database) {
  std::vector<std::string> words{fs::read_symlink("/proc/self/exe"), "run", options.recipe};
  words.insert(words.end(), options.overrides.begin(), options.overrides.end());
  words.insert(words.end(), {"--db", database});
  return words;
}

// `constraint=a100` and `--constraint=a100` are the same.
std::vector<std::string> with_dashes(std::vector<std::string> options) {
  for (auto& option : options)
    if (!option.starts_with('-')) option.insert(0, "--");
  return options;
}

/// What does not depend on whether it is one run or a sweep.
BatchJob describe_job(const SubmitOptions& options, const std::string& name,
                      const fs::path& database) {
  BatchJob job;
  job.name = name;
  job.cpus_per_task = options.cpus_per_task;
  job.options = given(options);
  job.signal = options.signal;
  job.requeue = !options.no_requeue;
  job.more = with_dashes(options.sbatch);
  job.folder = fs::current_path();
  job.output_folder = scripts_beside(database);
  job.command = run_command(options, database);
  return job;
}

BatchJob describe_job(const SubmitOptions& options, const Recipe& recipe,
                      const fs::path& database) {
  const auto placement = place(recipe.config.at("topology"));
  const auto size = job_size(options.size, placement);
  auto job = describe_job(options, recipe.name(), database);
  job.nodes = size.nodes;
  job.tasks_per_node = size.tasks_per_node;
  job.gpus = options.size.gpus.has_value() || placement.device == "cuda";
  job.outlives_nodes = outlives_nodes(placement);
  return job;
}

/// An array of jobs, each with one process, which divides what it has among trials.
BatchJob describe_job(const SubmitOptions& options, const SweepRecipe& sweep,
                      const fs::path& database) {
  if (options.size.nodes || options.size.ntasks)
    throw UserError(
        "each job of a sweep is one process on one node: say --array for how many "
        "work on it, and --gpus or --cpus-per-task for what each has");
  auto job = describe_job(options, sweep.name(), database);
  job.array = options.array.value_or(1);
  job.gpus_of_task = options.size.gpus;
  return job;
}

int print(BatchJob job) {
  // Slurm makes no folders: with one that is not there the job would fail.
  if (!fs::exists(job.output_folder)) job.output_folder.clear();
  fmt::print("{}", sbatch_script(job));
  return 0;
}

Run describe_queued(const SubmitOptions& options, const Recipe& recipe, const BatchJob& job) {
  Run run = describe_run(recipe, options.command);
  run.world_size = static_cast<int>(job.nodes.most) * job.tasks_per_node;
  run.nodes = static_cast<int>(job.nodes.most);
  run.launcher = "slurm";
  return run;
}

fs::path write_script(const BatchJob& job, const fs::path& file) {
  std::error_code ignored;
  make_folder(job.output_folder, ignored);
  Output script(file);
  script.write(sbatch_script(job));
  script.commit();
  return file;
}

/// Gives Slurm's id of the job. A job that is not taken leaves a failed run.
std::string send(BatchJob& job, Store& store) try {
  if (job.nodes.most > 1) {
    job.secret_file = job.output_folder / (*job.run_id + ".secret");
    make_folder(job.output_folder);
    write_secret(*job.secret_file);
  }
  auto job_id = sbatch(write_script(job, job.output_folder / (*job.run_id + ".sbatch")));
  store.set_job(*job.run_id, job_id);
  return job_id;
} catch (const std::exception& error) {
  Recorder(store.database().file(), *job.run_id).finish(Status::failed, error.what());
  throw;
}

const char* noun(const BatchJob& job) { return *job.array == 1 ? "job" : "jobs"; }

void tell_sweep(const BatchJob& job, const std::string& job_id, bool json) {
  if (json) {
    const nlohmann::ordered_json told = {
        {"job_id", job_id}, {"jobs", *job.array}, {"output", job.output_folder.string()}};
    fmt::print("{}\n", dumped(told));
    return;
  }
  fmt::print("the sweep {} is queued as {} {} of Slurm's array {}\n", job.name, *job.array,
             noun(job), job_id);
  const auto line = [](const std::vector<std::string>& command, const char* what) {
    fmt::print("  {:<30}  {}\n", shell_command(command), what);
  };
  line({"squeue", "-j", job_id}, "when they start");
  line({"runner", "sweep", "show", job.name}, "what became of it");
  line({"scancel", job_id}, "ends them");
}

void tell(const BatchJob& job, const std::string& job_id, bool json) {
  const auto output = job.output_folder / (job_id + ".out");
  if (json) {
    const nlohmann::ordered_json told = {
        {"id", *job.run_id}, {"job_id", job_id}, {"output", output.string()}};
    fmt::print("{}\n", dumped(told));
    return;
  }
  fmt::print("run {} is queued as Slurm job {}\n", *job.run_id, job_id);
  const auto line = [](const std::vector<std::string>& command, const char* what) {
    fmt::print("  {:<30}  {}\n", shell_command(command), what);
  };
  line({"squeue", "-j", job_id}, "when it starts");
  line({"runner", "show", *job.run_id}, "what became of it");
  line({"scancel", job_id}, "ends it");
  line({"tail", "-F", output}, "what it prints");
}

void refuse_without_slurm() {
  if (!has_sbatch())
    throw UserError(
        "there is no sbatch on this machine: submit from a machine of a Slurm cluster, or see the "
        "script with --print");
}

int submit(const SubmitOptions& options, const SweepRecipe& sweep) {
  tell_doubts(sweep.doubts());
  const auto database = find_database(options.database);
  const auto job = describe_job(options, sweep, database);
  if (options.print) return print(job);
  sbatch_script(job);
  refuse_without_slurm();
  Store::create_or_open(database);  // whoever looks for the sweep finds a database
  auto file = job.output_folder / (fs::path(job.name).filename().string() + ".sbatch");
  tell_sweep(job, sbatch(write_script(job, file)), options.json);
  return 0;
}

int submit(const SubmitOptions& options, const Recipe& recipe) {
  if (options.array) throw UserError("--array is for sweeps: this recipe is one run");
  tell_doubts(doubts_of(recipe));
  const auto database = find_database(options.database);
  auto job = describe_job(options, recipe, database);
  if (options.print) return print(job);
  sbatch_script(job);  // what cannot be said is found before there is a run
  refuse_without_slurm();
  Store store = Store::create_or_open(database);
  job.run_id = store.queue(describe_queued(options, recipe, job));
  tell(job, send(job, store), options.json);
  return 0;
}

int submit(const SubmitOptions& options) {
  const auto work = read_run_or_sweep(chosen_recipe(options.recipe), options.overrides);
  return std::visit([&](const auto& it) { return submit(options, it); }, work);
}

std::string typed_command(const SubmitOptions& options) {
  std::vector<std::string> words{"runner", "submit", options.recipe};
  words.insert(words.end(), options.overrides.begin(), options.overrides.end());
  return shell_command(words);
}

void add_size(CLI::App& command, SubmitOptions& options) {
  command.add_option("--nodes", options.size.nodes, "Machines; without it, as the recipe says")
      ->check(number_at_least(1));
  auto* gpus = command.add_option("--gpus", options.size.gpus,
                                  "GPUs of all nodes together, with a process for each");
  gpus->check(number_at_least(1));
  command
      .add_option("--ntasks", options.size.ntasks,
                  "Processes of all nodes together, where there are no GPUs")
      ->check(number_at_least(1))
      ->excludes(gpus);
  command
      .add_option("--array", options.array,
                  "Of a sweep: jobs that work on it together, each with one process")
      ->check(CLI::Range(1, 10000));
  command.add_option("--cpus-per-task", options.cpus_per_task, "CPUs of each process")
      ->check(number_at_least(1));
}

void add_sbatch_options(CLI::App& command, SubmitOptions& options) {
  command.add_option("--time", options.time, "Slurm's time limit, as sbatch takes it: 2:00:00");
  command.add_option("--partition", options.partition, "Slurm's partition");
  command.add_option("--account", options.account, "Slurm's account");
  command.add_option("--qos", options.qos, "Slurm's quality of service");
  command.add_option("--mem", options.mem, "Memory of each node, as sbatch takes it: 64G");
  command
      .add_option("--signal", options.signal,
                  "What tells the run that its time is nearly over, and how many seconds before")
      ->capture_default_str();
  command.add_flag("--no-requeue", options.no_requeue,
                   "When a node fails or a job of higher priority comes, do not start again");
  command
      .add_option("--sbatch", options.sbatch,
                  "Any other option of sbatch: --sbatch constraint=a100; may be repeated")
      ->type_name("OPTION")
      ->allow_extra_args(false);
}

}  // namespace

void add_submit(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<SubmitOptions>();
  auto* command =
      app.add_subcommand("submit", "Send a recipe to Slurm, and record its run as queued");
  add_recipe(*command, options->recipe);
  add_overrides(*command, options->overrides);
  add_size(*command, *options);
  add_sbatch_options(*command, *options);
  add_database(*command, options->database);
  auto* print =
      command->add_flag("--print", options->print, "Print the script for sbatch, and do nothing");
  command->add_flag("--json", options->json, "An object with the run's id and the job's")
      ->excludes(print);
  command->callback([options, &chosen] {
    options->command = typed_command(*options);
    chosen = [options] { return submit(*options); };
  });
}

}  // namespace runner
