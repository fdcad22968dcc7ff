#include "runner/launch/slurm_jobs.hpp"

#include "experiments/process.hpp"
#include "runner/launch/output_of.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

#include <fmt/format.h>

namespace runner {
namespace {

/// Jobs that may still do something.
bool is_alive(std::string_view state) {
  constexpr std::array<std::string_view, 12> alive{
      "PENDING",  "CONFIGURING",  "RUNNING",     "COMPLETING",   "SUSPENDED", "STOPPED",
      "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "RESIZING",  "SIGNALING"};
  return std::find(alive.begin(), alive.end(), state) != alive.end();
}

/// Of all jobs of this user, when the controller answers within two seconds.
std::string squeue() {
  return output_of(
      "timeout 2 squeue -h -t all -u \"$(id -un)\" -o '%A %T' 2>/dev/null && echo end");
}

}  // namespace

std::optional<std::string> job_state(const std::string& squeue, const std::string& job_id) {
  if (!squeue.ends_with("end\n")) return std::nullopt;
  std::istringstream lines(squeue);
  std::string id, state;
  while (lines >> id >> state)
    if (id == job_id) return state;
  return "gone";
}

void settle_slurm_jobs(Store& store) {
  if (store.database().read_only()) return;
  const auto runs = store.runs_of_jobs(current_process().host);
  if (runs.empty()) return;
  const auto jobs = squeue();
  store.database().write_without_waiting([&] {
    for (const auto& [run_id, job_id] : runs)
      if (const auto state = job_state(jobs, job_id); state && !is_alive(*state))
        store.end_run_of_job(run_id, fmt::format("Slurm job {} is {}", job_id, *state));
  });
}

std::string requeue_slurm_job(const std::string& job_id) {
  auto refusal = output_of("scontrol requeue " + job_id + " 2>&1");
  while (refusal.ends_with('\n')) refusal.pop_back();
  return refusal;
}

}  // namespace runner
