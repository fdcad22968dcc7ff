#include "experiments/recorder.hpp"

#include "experiments/details.hpp"
#include "tests/experiments/fixture.hpp"

#include <chrono>
#include <cmath>
#include <csignal>
#include <limits>
#include <thread>

using namespace runner;

namespace {

struct Recording {
  TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  std::string id = store.begin(example_run());

  std::int64_t count(const std::string& sql) { return store.database().integer(sql); }
  Summary summary() { return read_run(store.database(), id).metrics.at(0); }
};

}  // namespace

TEST_CASE("points are on disk after a flush, and the end of the run with the last of them") {
  Recording recording;
  Recorder recorder(recording.folder.database(), recording.id);
  recorder.record("train/loss", 1, 0.5, 2.0, 1'000);
  recorder.flush();
  CHECK(recording.count("SELECT count(*) FROM points") == 1);
  recorder.record("train/loss", 2, 1.0, 1.0, 2'000);
  recorder.finish(Status::failed, "loss is NaN at step 2");

  const RunDetails details = read_run(recording.store.database(), recording.id);
  CHECK(details.status == "failed");
  CHECK(details.reason == "loss is NaN at step 2");
  CHECK(details.ended.value() >= details.started);
  CHECK(recording.count("SELECT sum(time) FROM points") == 3'000);
  CHECK(details.metrics.at(0).last == 1.0);
}

TEST_CASE("the last, least and greatest value and the count are kept as points come") {
  Recording recording;
  Recorder recorder(recording.folder.database(), recording.id);
  for (int step = 1; step <= 1000; ++step) {
    recorder.record("eval/accuracy", step, step / 10.0, std::sin(step));
    if (step % 100 == 0) recorder.flush();
  }
  recorder.finish(Status::done);
  const Summary summary = recording.summary();
  CHECK(summary.count == 1000);
  CHECK(summary.last_step == 1000);
  CHECK(summary.last == std::sin(1000));
  CHECK(recording.count("SELECT max(abs(max_value - (SELECT max(value) FROM points))) = 0 AND"
                        " max(abs(min_value - (SELECT min(value) FROM points))) = 0 FROM series") ==
        1);
}

TEST_CASE("a run that goes back to an earlier step records over what it had") {
  Recording recording;
  {
    Recorder recorder(recording.folder.database(), recording.id);
    for (int step = 1; step <= 10; ++step) recorder.record("train/loss", step, step, 100 - step);
  }
  Recorder resumed(recording.folder.database(), recording.id);
  for (int step = 6; step <= 8; ++step) resumed.record("train/loss", step, step, 1.0);
  resumed.record("train/loss", 8, 8, 2.0);
  resumed.finish(Status::done);
  const Summary summary = recording.summary();
  CHECK(summary.count == 10);
  CHECK(summary.last_step == 10);
  CHECK(summary.last == 90);
  CHECK(summary.min == 1);
  CHECK(recording.count("SELECT value FROM points WHERE step = 8") == 2);
}

TEST_CASE("NaN and the infinities survive, and NaN is neither least nor greatest") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Recording recording;
  Recorder recorder(recording.folder.database(), recording.id);
  recorder.record("train/loss", 1, 1, infinity);
  recorder.record("train/loss", 2, 2, 5);
  recorder.record("train/loss", 3, 3, -infinity);
  recorder.record("train/loss", 4, 4, std::nan(""));
  recorder.finish(Status::failed);
  const RunDetails details = read_run(recording.store.database(), recording.id);
  CHECK(details.epochs.at(0).values.at(0) == infinity);
  CHECK(details.epochs.at(2).values.at(0) == -infinity);
  REQUIRE(details.epochs.at(3).values.at(0).has_value());
  CHECK(std::isnan(*details.epochs.at(3).values.at(0)));
  CHECK(std::isnan(details.metrics.at(0).last));
  CHECK(details.metrics.at(0).min == -infinity);
  CHECK(details.metrics.at(0).max == infinity);
  CHECK(details.metrics.at(0).count == 4);
}

TEST_CASE("the epoch table has the points at epochs' ends and no others") {
  Recording recording;
  Recorder recorder(recording.folder.database(), recording.id);
  for (int step = 0; step <= 20; ++step) recorder.record("train/loss", step, step / 10.0, step);
  recorder.record("eval/accuracy", 20, 2, 0.99);
  recorder.finish(Status::done);
  const RunDetails details = read_run(recording.store.database(), recording.id);
  REQUIRE(details.epochs.size() == 2);
  CHECK(details.epochs[0].epoch == 1);
  CHECK(details.epochs[0].values == std::vector<std::optional<double>>{std::nullopt, 10.0});
  CHECK(details.epochs[1].values == std::vector<std::optional<double>>{0.99, 20.0});
}

TEST_CASE("a recorder that is dropped writes what was queued and leaves the run running") {
  Recording recording;
  { Recorder(recording.folder.database(), recording.id).record("train/loss", 1, 1, 1); }
  CHECK(recording.count("SELECT count(*) FROM points") == 1);
  CHECK(read_run(recording.store.database(), recording.id).status == "running");
}

TEST_CASE("more points than the queue holds are all written") {
  Recording recording;
  Recorder recorder(recording.folder.database(), recording.id);
  for (int step = 0; step < 1'500'000; ++step) recorder.record("train/loss", step, 0.5, 1, 0);
  recorder.finish(Status::done);
  CHECK(recording.count("SELECT count(*) FROM points") == 1'500'000);
}

TEST_CASE("8 processes write to one database at once, and every point is there") {
  for (int round = 0; round < 3; ++round) {
    const TemporaryFolder folder;
    const auto codes = exit_codes_of(8, [&] {
      Store store = Store::create_or_open(folder.database());
      Recorder recorder(folder.database(), store.begin(example_run()));
      for (int step = 1; step <= 5'000; ++step) {
        for (const char* metric : {"train/loss", "train/lr"})
          recorder.record(metric, step, step / 100.0, step);
        if (step % 250 == 0) recorder.flush();
      }
      recorder.finish(Status::done);
      return 0;
    });
    CHECK(codes == std::vector<int>(8, 0));
    Store store = Store::open(folder.database());
    CHECK(store.database().integer("SELECT count(*) FROM points") == 8 * 10'000);
    CHECK(store.database().integer("SELECT sum(count) FROM series") == 8 * 10'000);
    CHECK(store.database().integer("SELECT count(*) FROM runs WHERE status = 'done'") == 8);
  }
}

namespace {

/// As fast as it can, until it is killed.
int write_on_and_on(const std::filesystem::path& database) {
  alarm(120);  // whatever becomes of the test
  Store store = Store::create_or_open(database);
  Recorder recorder(database, store.begin(example_run()));
  for (int step = 1;; ++step) recorder.record("train/loss", step, 0.5, 1, 0);
}

}  // namespace

TEST_CASE("beside writers that never pause, another soon has its turn") {
  using Clock = std::chrono::steady_clock;
  const TemporaryFolder folder;
  const auto database = folder.database();
  std::vector<pid_t> busy(3);
  for (auto& child : busy) child = start_child([&] { return write_on_and_on(database); });
  Store store = Store::create_or_open(database);
  Recorder recorder(database, store.begin(example_run()));
  std::this_thread::sleep_for(std::chrono::seconds(1));
  Clock::duration longest{};
  for (int step = 1; step <= 10; ++step) {
    const auto begin = Clock::now();
    recorder.record("train/loss", step, 0.5, 1);
    recorder.flush();
    longest = std::max(longest, Clock::now() - begin);
  }
  for (const auto child : busy) kill(child, SIGKILL);
  for (const auto child : busy) CHECK(exit_code(child) < 0);
  CHECK(std::chrono::duration<double>(longest).count() < 10);
}

namespace {

void fail_to_write_points(const Database& database) {
  database.execute(
      "CREATE TRIGGER failing BEFORE INSERT ON points BEGIN SELECT RAISE(ABORT, 'disk I/O error');"
      " END");
}

}  // namespace

TEST_CASE("a write that fails for a moment is tried again, and nothing is lost") {
  Recording recording;
  const auto& database = recording.store.database();
  fail_to_write_points(database);
  Recorder recorder(recording.folder.database(), recording.id);
  for (int step = 1; step <= 3; ++step) recorder.record("train/loss", step, 0, 1.0 / step);
  usleep(600'000);
  recorder.record("eval/loss", 3, 1, 0.5);
  database.execute("DROP TRIGGER failing");
  recorder.record("train/loss", 3, 0, 0.25);
  recorder.finish(Status::done);
  CHECK(read_run(database, recording.id).status == "done");
  CHECK(recording.count("SELECT count(*) FROM points") == 4);
  CHECK(recording.count("SELECT sum(count) FROM series") == 4);
  CHECK(recording.summary().last == 0.5);
}

TEST_CASE("a run of which nothing can be written has failed, with the cause in its status") {
  Recording recording;
  const auto& database = recording.store.database();
  fail_to_write_points(database);
  Recorder recorder(recording.folder.database(), recording.id);
  recorder.record("train/loss", 1, 0, 1);
  const auto cause = recording.folder.database().string() + ": disk I/O error";
  CHECK(error_of<StoreError>([&] { recorder.flush(); }) == cause);
  CHECK(error_of<StoreError>([&] { recorder.finish(Status::done); }) == cause);
  const auto details = read_run(database, recording.id);
  CHECK(details.status == "failed");
  CHECK(details.reason == cause);
  CHECK(details.ended);
}
