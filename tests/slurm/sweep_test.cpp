#include "experiments/store.hpp"
#include "tests/slurm/cluster.hpp"

#include <thread>

#include <doctest/doctest.h>
#include <signal.h>

using namespace runner;

namespace {

/// Sixteen cells of some seconds each, one at a time in each job.
constexpr auto recipe = "extends: " RUNNER_SOURCE_DIR
                        "/recipes/synthetic.yaml\n"
                        "name: array\n"
                        "train: {epochs: 12}\n"
                        "topology: {name: single, device: cpu, threads: 1}\n"
                        "matrix:\n"
                        "  optimizer.lr: [0.01, 0.001]\n"
                        "  seed: {range: [1, 8]}\n"
                        "sweep: {parallel: 1}\n";

std::string submit(const Cluster& cluster, const Words& more) {
  const auto file = cluster.folder.write("array.yaml", recipe);
  const auto printed = cluster.run(Words{runner_executable(), "submit", file, "--json"} + more);
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  return Json::parse(printed.out).at("job_id");
}

std::int64_t integer(const Cluster& cluster, const std::string& select) {
  return Store::open(cluster.folder.path() / ".runner/experiments.db").database().integer(select);
}

/// Waits, at most two minutes, until so many trials are in a state.
bool wait_for(const Cluster& cluster, const std::string& status, std::int64_t trials) {
  const auto count = "SELECT count(*) FROM trials WHERE status = '" + status + "'";
  for (int i = 0; i < 1200; ++i) {
    if (integer(cluster, count) >= trials) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

void check_each_has_one_run(const Cluster& cluster) {
  CHECK(integer(cluster, "SELECT count(*) FROM trials WHERE status = 'done'") == 16);
  CHECK(integer(cluster, "SELECT count(DISTINCT run_id) FROM trials") == 16);
  CHECK(integer(cluster, "SELECT count(*) FROM runs") == 16);
}

}  // namespace

TEST_CASE("a sweep is submitted as an array of jobs, which train each cell once together") {
  const Cluster cluster;
  if (cluster.missing()) return;
  submit(cluster, {"--array", "2"});
  CHECK(wait_for(cluster, "done", 16));
  check_each_has_one_run(cluster);
  CHECK(integer(cluster, "SELECT count(DISTINCT pid) FROM runs") == 2);
  CHECK(cluster.left() == std::vector<pid_t>{});
}

TEST_CASE("a job of an array that is warned of its end stops, and goes on in its next one") {
  const Cluster cluster;
  if (cluster.missing()) return;
  const auto job = submit(cluster, {"--array", "1"});
  REQUIRE(wait_for(cluster, "done", 2));
  cluster.aside({"scancel", "--signal=USR1", job});
  cluster.start_again(job);
  CHECK(wait_for(cluster, "done", 16));
  check_each_has_one_run(cluster);
  CHECK(integer(cluster, "SELECT count(DISTINCT pid) FROM runs") == 2);
  CHECK(cluster.job_field(job, "Restarts") == "1");
}

TEST_CASE("an array whose job is killed leaves no cell undone: another job takes it over") {
  const Cluster cluster;
  if (cluster.missing()) return;
  submit(cluster, {"--array", "2"});
  REQUIRE(wait_for(cluster, "done", 2));
  auto store = Store::open(cluster.folder.path() / ".runner/experiments.db");
  const auto pid =
      store.database().integer("SELECT pid FROM trials WHERE status = 'running' LIMIT 1");
  kill(static_cast<pid_t>(pid), SIGKILL);
  CHECK(wait_for(cluster, "done", 16));
  check_each_has_one_run(cluster);
}
