#include "experiments/running_time.hpp"

#include "experiments/details.hpp"
#include "tests/experiments/fixture.hpp"

using namespace runner;

namespace {

/// Ends the present attempt and starts the next, each so many seconds after the run was started.
void pause(Store& store, const std::string& id, std::int64_t from, std::optional<std::int64_t> to) {
  const auto set = [&](const char* column, std::int64_t second) {
    store.database()
        .prepare("UPDATE runs SET " + std::string(column) + " = started + ?2 WHERE id = ?1")
        .with(id, second * 1000)
        .run();
  };
  Recorder(store.database().file(), id).finish(Status::interrupted);
  set("ended", from);
  if (!to) return;
  store.start(id, example_run(), 0);
  set("resumed", *to);
}

}  // namespace

TEST_CASE("the time that a run had run is without what lay between its stops and their resumes") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const auto id = store.begin(example_run());
  pause(store, id, 10, 100);
  pause(store, id, 120, 1000);
  pause(store, id, 1005, {});
  const auto started = read_run(store.database(), id).started;
  const RunningTime running(store.database(), id);
  const auto at = [&](std::int64_t second) { return running.seconds(started + second * 1000); };
  CHECK(at(0) == 0);
  CHECK(at(10) == 10);
  CHECK(at(50) == 10);
  CHECK(at(101) == 11);
  CHECK(at(120) == 30);
  CHECK(at(1005) == 35);
}

TEST_CASE("a run that died with its machine ran until its last sign of life") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const auto id = store.begin(example_run());
  store.database().execute("UPDATE runs SET pid = 1, pid_started = 1, host = 'elsewhere'");
  const auto started = read_run(store.database(), id).started;
  Recorder(folder.database(), id).record("train/loss", 1, 0.1, 2, started + 7000);
  store.start(id, example_run(), 1);
  store.database().execute("UPDATE runs SET resumed = started + 60000");
  CHECK(RunningTime(store.database(), id).seconds(started + 61000) == doctest::Approx(8));
}
