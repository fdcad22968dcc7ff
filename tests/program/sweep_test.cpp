#include "tests/program/sweeping.hpp"

#include <array>
#include <regex>
#include <set>
#include <thread>

#include <doctest/doctest.h>
#include <signal.h>

using namespace runner;
using namespace std::chrono_literals;

namespace {

/// Nine cells of 20 steps.
constexpr auto small =
    "train: {max_steps: 20}\n"
    "matrix:\n"
    "  optimizer.lr: [0.1, 0.01, 0.001]\n"
    "  seed: {range: [1, 3]}\n";

/// Of any run.
constexpr auto threads = "SELECT json_extract(config, '$.topology.threads') FROM documents LIMIT 1";

/// Twelve cells of some seconds each.
constexpr auto long_ones =
    "train: {epochs: 10}\n"
    "topology: {threads: 1}\n"
    "save: {every: 50 steps, keep_last: 1}\n"
    "matrix:\n"
    "  optimizer.lr: [0.01, 0.001, 0.0001]\n"
    "  model.dropout: [0, 0.3]\n"
    "  seed: [1, 2]\n";

/// The first trial is NaN at once.
constexpr auto first_is_bad =
    "train: {max_steps: 20}\n"
    "optimizer: {name: sgd}\n"
    "matrix: {optimizer.lr: [1e38, 0.1, 0.2, 0.3]}\n"
    "sweep: {parallel: 1}\n";

void sleep(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

/// All trials, and each with a run of its own.
void check_each_has_one_run(const Sweeping& sweeping, std::size_t trials) {
  const auto rows = sweeping.trials();
  REQUIRE(rows.size() == trials);
  std::set<std::string> runs;
  for (const auto& row : rows) {
    CAPTURE(row.reason);
    CHECK(row.status == "done");
    runs.insert(row.run_id);
  }
  CHECK(runs.size() == trials);
  CHECK(sweeping.integer("SELECT count(*) FROM runs") == static_cast<std::int64_t>(trials));
  CHECK(sweeping.integer("SELECT count(*) FROM runs WHERE status = 'done'") ==
        static_cast<std::int64_t>(trials));
  CHECK(sweeping.text("PRAGMA integrity_check") == "ok");
}

}  // namespace

TEST_CASE("a matrix is trained once: the same again trains nothing, a grown one what is new") {
  const Sweeping sweeping(small);
  const auto first = sweeping.run();
  CAPTURE(first.err);
  REQUIRE(first.code == 0);
  CHECK(first.out.find("trials     9, ") != std::string::npos);
  CHECK(first.out.find("\n9 of 9 done; best eval/loss ") != std::string::npos);
  check_each_has_one_run(sweeping, 9);
  const auto trials = sweeping.trials();

  const auto again = sweeping.run();
  CHECK(again.code == 0);
  CHECK(again.out.find("           9 of them are done already\n") != std::string::npos);
  CHECK(sweeping.trials() == trials);
  CHECK(sweeping.integer("SELECT count(*) FROM runs") == 9);

  const auto grown = sweeping.run({"matrix.seed={range: [1, 4]}"});
  CHECK(grown.code == 0);
  check_each_has_one_run(sweeping, 12);
  CHECK(sweeping.integer("SELECT count(*) FROM sweeps") == 1);
}

TEST_CASE("a sweep counts the cells that differ, where an argument replaces one of its axes") {
  const Sweeping sweeping(small);
  const auto printed = sweeping.run({"optimizer.lr=0.02"});
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  CHECK(printed.out.find("\n3 of 3 done; best eval/loss ") != std::string::npos);
  CHECK(sweeping.ask({"sweep", "show"}).out.find("\ntrials     3 of 3: 3 done\n") !=
        std::string::npos);
  CHECK(sweeping.answer({"sweep", "list"})[0].at("trials") == 3);
}

TEST_CASE("a trial in a warm worker has the bits of a run by itself") {
  const Sweeping sweeping(small);
  REQUIRE(sweeping.run({"sweep.parallel=1"}).code == 0);
  const Sweeping alone("train: {max_steps: 20}\n");
  REQUIRE(alone.run({"optimizer.lr=0.001", "seed=3", "topology.threads=" + sweeping.text(threads)})
              .code == 0);
  const auto last = sweeping.trials().back();
  CHECK(Json::parse(last.parameters) == Json{{"optimizer.lr", 0.001}, {"seed", 3}});
  CHECK(sweeping.weights(last.run_id) == alone.weights(alone.text("SELECT id FROM runs")));
}

TEST_CASE(
    "a sweep killed at 30 random moments ends with one run for each cell, and the same bits") {
  const Sweeping straight(long_ones);
  REQUIRE(straight.run().code == 0);
  const Sweeping killed(long_ones);
  killed.kill_at_random_moments(30, 20261126);
  CHECK(killed.left() == std::vector<pid_t>{});
  const auto printed = killed.run();
  CAPTURE(printed.out);
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  check_each_has_one_run(killed, 12);
  CHECK(killed.results() == straight.results());
  CHECK(killed.left() == std::vector<pid_t>{});
}

TEST_CASE("three runners drain one queue, and no cell is trained twice") {
  const Sweeping sweeping(long_ones);
  const std::array<TemporaryDirectory, 3> terminals;
  std::vector<Program> programs;
  for (const auto& terminal : terminals)
    programs.push_back(sweeping.start_in(terminal.path(), {"sweep.parallel=1"}));
  for (auto& program : programs) CHECK(program.wait().code == 0);
  check_each_has_one_run(sweeping, 12);
  CHECK(sweeping.integer("SELECT count(DISTINCT pid) FROM runs") == 3);
  CHECK(sweeping.integer("SELECT count(*) FROM trials WHERE attempts <> 1") == 0);
}

TEST_CASE("two hundred tiny trials, eight at once, on one database without a lock error") {
  const Sweeping sweeping(
      "dataset: {samples: 100, eval_samples: 10}\n"
      "train: {batch_size: 10, max_steps: 3}\n"
      "matrix: {seed: {range: [1, 200]}}\n"
      "sweep: {parallel: 8}\n");
  const auto printed = sweeping.run();
  CHECK(printed.code == 0);
  CHECK(printed.err.empty());
  check_each_has_one_run(sweeping, 200);
}

TEST_CASE("a trial whose loss is NaN fails, and the others go on") {
  const Sweeping sweeping(first_is_bad);
  const auto printed = sweeping.run();
  CHECK(printed.code == 1);
  const auto trials = sweeping.trials();
  REQUIRE(trials.size() == 4);
  CHECK(trials[0].status == "failed");
  CHECK(trials[0].failure == "nan");
  CHECK(printed.out.find("1/4  failed") != std::string::npos);
  CHECK(printed.out.find("3 of 4 done, 1 failed") != std::string::npos);
  CHECK(sweeping.integer("SELECT count(*) FROM trials WHERE status = 'done'") == 3);
  // What fails by its own doing would fail again.
  CHECK(sweeping.run().code == 1);
  CHECK(sweeping.integer("SELECT count(*) FROM runs") == 4);
}

TEST_CASE("on_failure says that a failure ends the sweep") {
  const Sweeping sweeping(first_is_bad);
  CHECK(sweeping.run({"sweep.on_failure.nan=stop"}).code == 1);
  CHECK(sweeping.integer("SELECT count(*) FROM trials WHERE status = 'waiting'") == 3);
}

TEST_CASE("on_failure says that a failure is tried again, and retries how often") {
  const Sweeping sweeping(first_is_bad);
  CHECK(sweeping.run({"sweep={retries: 2, on_failure: {nan: retry}}"}).code == 1);
  CHECK(sweeping.trials().front().status == "failed");
  CHECK(sweeping.integer("SELECT attempts FROM trials WHERE number = 1") == 3);
}

TEST_CASE("a trial whose worker is killed is tried again, with a worker of its own") {
  const Sweeping sweeping(long_ones);
  auto program = sweeping.start({"sweep.parallel=1"});
  REQUIRE(sweeping.wait_for_trial("running"));
  sleep(300ms);
  for (const auto worker : children_of(program.pid())) kill(worker, SIGKILL);
  const auto printed = program.wait();
  CAPTURE(printed.out);
  CHECK(printed.code == 0);
  CHECK(printed.out.find("  retry  ") != std::string::npos);
  check_each_has_one_run(sweeping, 12);
  CHECK(sweeping.integer("SELECT max(attempts) FROM trials") == 2);
}

TEST_CASE("Ctrl-C lets the trials that run come to their end, and starts no more") {
  const Sweeping sweeping(long_ones);
  auto program = sweeping.start({"sweep.parallel=2"});
  REQUIRE(sweeping.wait_for_trial("running"));
  program.signal(SIGINT);
  const auto printed = program.wait();
  CHECK(printed.code == 3);
  CHECK(printed.out.find("no more trials are started; those that run go on (Ctrl-C again stops "
                         "them, too)\n") != std::string::npos);
  const auto done = sweeping.integer("SELECT count(*) FROM trials WHERE status = 'done'");
  CHECK(done >= 1);
  CHECK(done <= 2);
  CHECK(sweeping.integer("SELECT count(*) FROM trials WHERE status = 'waiting'") == 12 - done);
  CHECK(sweeping.left() == std::vector<pid_t>{});
}

TEST_CASE(
    "a second Ctrl-C, or SIGTERM, stops the trials that run: they are saved and go on later") {
  for (const bool twice : {true, false}) {
    const Sweeping sweeping(long_ones);
    auto program = sweeping.start({"sweep.parallel=1"});
    REQUIRE(sweeping.wait_for_trial("running"));
    sleep(500ms);
    program.signal(twice ? SIGINT : SIGTERM);
    if (twice) REQUIRE(program.wait_for("no more trials"));
    if (twice) program.signal(SIGINT);
    const auto printed = program.wait();
    CAPTURE(printed.out);
    CHECK(printed.code == 3);
    CHECK(printed.out.find("stopping the trials that run; they can be resumed\n") !=
          std::string::npos);
    CHECK(sweeping.integer("SELECT count(*) FROM runs WHERE status = 'interrupted'") == 1);
    CHECK(sweeping.integer("SELECT count(*) FROM trials WHERE status = 'waiting'") == 12);
    CHECK(sweeping.integer("SELECT count(*) FROM checkpoints") > 0);
    CHECK(sweeping.left() == std::vector<pid_t>{});
    CHECK(sweeping.run().code == 0);
    check_each_has_one_run(sweeping, 12);
    CHECK(sweeping.integer("SELECT max(restarts) FROM runs") == 1);
  }
}

TEST_CASE("what one sweep has trained is not trained by another") {
  const Sweeping sweeping(small);
  REQUIRE(sweeping.run().code == 0);
  const auto other = sweeping.run({"name=other", "matrix.seed=[3, 4]"});
  CAPTURE(other.err);
  CHECK(other.code == 0);
  CHECK(sweeping.integer("SELECT count(*) FROM sweeps") == 2);
  CHECK(sweeping.integer("SELECT count(*) FROM runs") == 12);
  CHECK(sweeping.trials("other").size() == 6);
}

TEST_CASE("a sweep tells what happens as JSON, or nothing when it is to be quiet") {
  const Sweeping sweeping(small);
  const auto quiet = sweeping.run({"--quiet"});
  CHECK(quiet.out.empty());
  CHECK(quiet.err.empty());
  const auto printed = sweeping.run({"--json", "matrix.seed=[3, 4]"});
  std::istringstream lines(printed.out);
  std::vector<Json> events;
  for (std::string line; std::getline(lines, line);) events.push_back(Json::parse(line));
  REQUIRE(events.size() == 5);
  CHECK(events.front().at("event") == "sweep");
  CHECK(events.front().at("trials") == 6);
  CHECK(events.front().at("done") == 3);
  CHECK(events[1].at("event") == "trial");
  CHECK(events[1].at("status") == "done");
  CHECK(events.back().at("event") == "ended");
  CHECK(events.back().at("done") == 6);
}

TEST_CASE("several cells of two ranks each are trained, one after the other") {
  const Sweeping sweeping(
      "train: {max_steps: 20}\n"
      "topology: {name: ddp, device: cpu, devices: 2, threads: 1}\n"
      "matrix: {seed: {range: [1, 3]}}\n");
  const auto printed = sweeping.run();
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  check_each_has_one_run(sweeping, 3);
  CHECK(sweeping.integer("SELECT min(world_size) FROM runs") == 2);
}
