#include "tests/slurm/cluster.hpp"

#include <cstdlib>
#include <iostream>
#include <regex>
#include <thread>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

const fs::path cluster_folder = RUNNER_SLURM_DIR;

void sleep_a_little() { std::this_thread::sleep_for(std::chrono::milliseconds(100)); }

}  // namespace

Words operator+(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Words training(const Words& overrides) {
  return Words{runner_executable(), "run",
               std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml", on_cpus} +
         overrides;
}

Cluster::Cluster() {
  fs::create_directories(cluster_folder);
  lock_ = open((cluster_folder / "use").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (flock(lock_, LOCK_EX) != 0) FAIL("cannot lock " << cluster_folder);
  const auto script = std::string(RUNNER_SOURCE_DIR) + "/tests/slurm/cluster.sh";
  const auto command =
      "'" + script + "' up '" + cluster_folder.string() + "' " + std::to_string(getpid());
  if (std::system((command + " >&2").c_str()) != 0) FAIL("cannot start " << command);
}

Cluster::~Cluster() {
  if (!fs::exists(cluster_folder / "missing")) end_all_jobs();
  close(lock_);
}

void Cluster::end_all_jobs() const {
  aside({"scancel", "--user=" + std::to_string(geteuid())});
  for (int i = 0; i < 100 && !job().empty(); ++i) sleep_a_little();
}

bool Cluster::missing() const {
  const auto why = read_file(cluster_folder / "missing");
  if (!why.empty()) std::cout << "skipped: no Slurm cluster: " << why;
  return !why.empty();
}

Program Cluster::start_in(const fs::path& where, const Words& command) const {
  // Who waits for what it prints must not find what the last one printed.
  fs::remove(where / "out");
  return Program::command(where, command,
                          {{"SLURM_CONF", cluster_folder / "conf/slurm.conf"},
                           {"RUNNER_MUNGE_SOCKET", cluster_folder / "run/munge.sock"},
                           {"RUNNER_TEST", mark()}});
}

Printed Cluster::aside(const Words& command) const {
  const auto where = folder.path() / "aside";
  fs::create_directory(where);
  return start_in(where, command).wait();
}

std::string Cluster::batch(const std::string& script, const Words& options) const {
  const auto file = folder.write("script", "#!/bin/bash\n" + script);
  run(Words{"sbatch", "--wait", "--nodes=2", "--ntasks-per-node=2", "--output=job"} + options +
      Words{file});
  return read_file(folder.path() / "job");
}

void Cluster::scontrol(const Words& words) const {
  const auto printed = aside(Words{"scontrol"} + words);
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
}

Json Cluster::last_run(const std::string& columns) const {
  const auto listed =
      aside({runner_executable(), "list", "--json", "--limit", "1", "--columns", columns});
  CAPTURE(listed.err);
  REQUIRE(listed.code == 0);
  return Json::parse(listed.out).at(0);
}

bool Cluster::wait_for_status(const std::string& statuses) const {
  const std::regex expected(statuses);
  for (int i = 0; i < 600; ++i) {
    if (std::regex_match(last_run("status").at("status").get<std::string>(), expected)) return true;
    sleep_a_little();
  }
  return false;
}

std::string Cluster::job_field(const std::string& job, const std::string& field) const {
  const auto shown = " " + aside({"scontrol", "--oneliner", "show", "job", job}).out;
  const auto begin = shown.find(" " + field + "=") + field.size() + 2;
  return shown.substr(begin, shown.find(' ', begin) - begin);
}

bool Cluster::wait_for_job(const std::string& job, const std::string& state) const {
  for (int i = 0; i < 600; ++i) {
    if (job_field(job, "JobState") == state) return true;
    sleep_a_little();
  }
  MESSAGE("the job is ", job_field(job, "JobState"));
  return false;
}

/// Slurm would hold the requeued job for two minutes; in the very second of its end, the nodes
/// would refuse it ("Job credential revoked").
void Cluster::start_again(const std::string& job) const {
  REQUIRE(wait_for_job(job, "PENDING"));
  std::this_thread::sleep_for(std::chrono::seconds(2));
  scontrol({"update", "JobId=" + job, "StartTime=now"});
}

std::string Cluster::job() const {
  auto job = aside({"squeue", "--noheader", "--format=%A"}).out;
  while (job.ends_with('\n')) job.pop_back();
  return job;
}

pid_t Cluster::process(const std::string& program, int rank) const {
  const auto has = [](const std::string& environment, const std::string& variable) {
    return environment.find('\0' + variable + '\0') != std::string::npos;
  };
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const auto environment = '\0' + read_file(entry.path() / "environ");
    if (read_file(entry.path() / "comm") == program + "\n" &&
        has(environment, "RUNNER_TEST=" + mark()) &&
        has(environment, "SLURM_PROCID=" + std::to_string(rank)))
      return std::stoi(entry.path().filename());
  }
  FAIL("there is no " << program << " of rank " << rank);
  return -1;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace runner
