#include "runner/commands/stop.hpp"

#include "experiments/details.hpp"
#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/say.hpp"
#include "experiments/store.hpp"
#include "registry/description.hpp"
#include "runner/commands/options.hpp"
#include "runner/launch/output_of.hpp"
#include "runner/launch/slurm_jobs.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <signal.h>

namespace runner {
namespace {

struct StopOptions {
  std::string run;
  double timeout = 60;
  bool json = false;
  std::optional<std::filesystem::path> database;
};

/// Slurm passes the signal on to the tasks; a job that waits is taken out of its queue.
void cancel_job(const RunDetails& details) {
  const auto how = details.status == "queued" ? "" : "--signal=TERM ";
  const auto refusal = output_of(fmt::format("scancel {}{} 2>&1", how, *details.run.job_id));
  if (!refusal.empty())
    throw UserError(fmt::format("Slurm does not stop job {}: {}", *details.run.job_id, refusal));
}

void signal_process(const RunDetails& details) {
  const auto& process = details.run.process;
  const auto here = current_process();
  if (process.host != here.host)
    throw UserError(fmt::format("run {} is on {}: stop it there", details.id, process.host));
  if (is_alive(process, here) && kill(static_cast<pid_t>(process.pid), SIGTERM) != 0)
    throw UserError(fmt::format("cannot stop process {}: {}", process.pid, std::strerror(errno)));
}

void ask_to_stop(const RunDetails& details, bool json) {
  const bool is_here =
      details.status == "running" && details.run.process.host == current_process().host;
  if (details.run.job_id && !is_here) return cancel_job(details);
  if (details.trial && !json)
    fmt::print("it is trial {} of sweep {}: all trials of its process stop\n",
               details.trial->number, details.trial->sweep);
  signal_process(details);
}

/// How the run stands when it has ended or the time is over.
RunDetails wait_for_end(Store& store, const std::string& id, double timeout) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::duration<double>(timeout);
  // To look after a job asks Slurm's controller.
  const auto pause =
      std::chrono::milliseconds(read_run(store.database(), id).run.job_id ? 1000 : 100);
  while (true) {
    store.mark_crashed_runs();
    settle_slurm_jobs(store);
    auto details = read_run(store.database(), id);
    if (is_over(details) || Clock::now() > deadline) return details;
    std::this_thread::sleep_for(pause);
  }
}

/// How it stands, and from where it can go on.
int tell(const RunDetails& run, bool json, const char* when = "") {
  const auto& saved = run.checkpoints;
  if (json) {
    fmt::print("{}\n", dumped(Json{{"run", run.id},
                                   {"status", run.status},
                                   {"reason", run.reason},
                                   {"step", saved.empty() ? Json() : Json(saved.front().step)}}));
    return 0;
  }
  const bool says_why = !run.reason.empty() && *when == '\0';
  fmt::print("run {} is {}{}{}\n", run.id, run.status, when,
             says_why ? fmt::format(": {}", run.reason) : "");
  if (!saved.empty() && *when == '\0')
    fmt::print("it goes on from step {} with: runner resume {}\n", saved.front().step, run.id);
  return 0;
}

int stop(const StopOptions& options) {
  auto store = Store::open(find_database(options.database));
  settle_slurm_jobs(store);
  const auto id = find_run(store.database(), options.run);
  const auto before = read_run(store.database(), id);
  if (is_over(before)) {
    return tell(before, options.json, " already");
  }
  // `submit` was killed on its way to Slurm.
  if (before.status == "queued" && !before.run.job_id)
    store.give_up_queued(id, "stopped before Slurm had a job for it");
  else
    ask_to_stop(before, options.json);
  const auto after = wait_for_end(store, id, options.timeout);
  if (!is_over(after)) {
    say("runner: run {} has not stopped within {:.0f} s\n", id, options.timeout);
    return 1;
  }
  return tell(after, options.json);
}

}  // namespace

void add_stop(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<StopOptions>();
  auto* command = app.add_subcommand(
      "stop", "Stop a run after its step; it is saved and can be resumed, as after Ctrl-C");
  command->add_option("RUN", options->run, which_run)->required();
  command->add_option("--timeout", options->timeout, "Seconds to wait for its end")
      ->check(number_at_least(0))
      ->capture_default_str();
  add_database(*command, options->database);
  command->add_flag("--json", options->json,
                    "How it ended as an object, and the step from which it can go on");
  command->callback([options, &chosen] { chosen = [options] { return stop(*options); }; });
}

}  // namespace runner
