#include "experiments/details.hpp"
#include "tests/experiments/fixture.hpp"

#include <csignal>
#include <random>
#include <thread>

using namespace runner;

namespace {

std::string status_after_opening(const TemporaryFolder& folder, const Run& run) {
  const std::string id = Store::create_or_open(folder.database()).begin(run);
  Store store = Store::open(folder.database());
  const RunDetails details = read_run(store.database(), id);
  return details.reason.empty() ? details.status : details.status + ": " + details.reason;
}

// Writes until it is killed, and says how many points it was told are on disk.
int write_for_ever(const std::filesystem::path& database, std::int64_t& on_disk) {
  Store store = Store::create_or_open(database);
  Recorder recorder(database, store.begin(example_run()));
  for (std::int64_t step = 1;; ++step) {
    recorder.record("train/loss", step, static_cast<double>(step) / 100, 1);
    if (step % 50 != 0) continue;
    recorder.flush();
    on_disk = step;
  }
}

}  // namespace

TEST_CASE("after kill -9 at any moment the database is whole, and what was flushed is there") {
  std::mt19937 chance(1);
  for (int round = 0; round < 20; ++round) {
    const TemporaryFolder folder;
    const Shared<std::int64_t> on_disk;
    const pid_t child = start_child([&] { return write_for_ever(folder.database(), *on_disk); });
    std::this_thread::sleep_for(std::chrono::milliseconds(10 + chance() % 60));
    kill(child, SIGKILL);
    CHECK(exit_code(child) == -SIGKILL);

    Store store = Store::create_or_open(folder.database());
    auto check = store.database().prepare("PRAGMA integrity_check");
    REQUIRE(check.step());
    CHECK(check.text(0) == "ok");
    CHECK(store.database().integer("SELECT count(*) FROM points") >= *on_disk);
    CHECK(store.database().integer("SELECT count(*) FROM points") ==
          store.database().integer("SELECT sum(count) FROM series"));
    CHECK(store.database().integer("SELECT count(*) FROM runs WHERE status <> 'crashed'") == 0);
    if (*on_disk > 0) CHECK(store.database().integer("SELECT count(*) FROM runs") == 1);
  }
}

TEST_CASE("a run whose process lives on stays running") {
  const TemporaryFolder folder;
  CHECK(status_after_opening(folder, example_run()) == "running");
}

TEST_CASE("a run whose process has ended is marked as crashed, at the time of its last point") {
  const TemporaryFolder folder;
  const pid_t child = start_child([&] {
    Store store = Store::create_or_open(folder.database());
    Recorder recorder(folder.database(), store.begin(example_run()));
    recorder.record("train/loss", 1, 1, 1, 4'000'000'000'000);
    recorder.flush();
    _exit(0);
    return 0;
  });
  CHECK(exit_code(child) == 0);
  Store store = Store::open(folder.database());
  auto run = store.database().prepare("SELECT status, reason, ended FROM runs");
  REQUIRE(run.step());
  CHECK(run.text(0) == "crashed");
  CHECK(run.text(1) == "process " + std::to_string(child) + " ended without finishing the run");
  CHECK(run.integer(2) == 4'000'000'000'000);
}

TEST_CASE("another process that was given the same pid is not taken for the run's") {
  const TemporaryFolder folder;
  Run run = example_run();
  run.process.started -= 1;
  CHECK(status_after_opening(folder, run) ==
        "crashed: process " + std::to_string(getpid()) + " ended without finishing the run");
}

TEST_CASE("a run of before the machine's restart is marked as crashed") {
  const TemporaryFolder folder;
  Run run = example_run();
  run.process.boot_id = "another";
  CHECK(status_after_opening(folder, run) == "crashed: the machine was restarted during the run");
}

TEST_CASE("a run of another machine is left alone") {
  const TemporaryFolder folder;
  Run run = example_run();
  run.process = {"elsewhere", "another", 1, 1};
  CHECK(status_after_opening(folder, run) == "running");
}
