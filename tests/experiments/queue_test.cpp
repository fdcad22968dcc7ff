#include "experiments/details.hpp"
#include "experiments/listing.hpp"
#include "tests/experiments/fixture.hpp"

using namespace runner;

namespace {

std::string error_of_start(Store& store, const std::string& id) {
  return error_of<UserError>([&] { store.start(id, example_run()); });
}

}  // namespace

TEST_CASE("a queued run has no process, and is not taken for crashed") {
  const TemporaryFolder folder;
  const std::string id = Store::create_or_open(folder.database()).queue(example_run());
  Store store = Store::open(folder.database());
  const RunDetails details = read_run(store.database(), id);
  CHECK(details.status == "queued");
  CHECK(details.run.process.pid == 0);
  CHECK(details.run.process.host.empty());
  CHECK(details.run.recipe_text == "name: mnist\n");
}

TEST_CASE("a queued run is started as what its process read") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  Run run = example_run();
  run.settings = {{"optimizer.lr", 0.1, "default"}, {"seed", std::int64_t{1}, "default"}};
  const std::string id = store.queue(run);
  store.database().execute("UPDATE runs SET started = 1");
  run.settings = {{"optimizer.lr", 0.2, "default"}};
  run.recipe_text = "name: changed\n";
  run.data = R"({"dataset":"mnist"})";
  run.world_size = 4;
  store.start(id, run);

  const RunDetails details = read_run(store.database(), id);
  CHECK(details.status == "running");
  CHECK(details.started > 1);
  CHECK(details.restarts == 0);
  CHECK(details.run.process.pid == getpid());
  CHECK(details.run.recipe_text == "name: changed\n");
  CHECK(details.run.data == R"({"dataset":"mnist"})");
  CHECK(details.run.world_size == 4);
  REQUIRE(details.run.settings.size() == 1);
  CHECK(details.run.settings[0].value == Value(0.2));
}

TEST_CASE("a run that goes on keeps its start and its points until there, and loses its end") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const std::string id = store.begin(example_run());
  Recorder first(folder.database(), id);
  for (const auto step : {1, 2, 3}) first.record("train/loss", step, 1, 0.5 / step);
  first.record("eval/loss", 3, 1, 0.7);
  first.finish(Status::interrupted, "SIGUSR1");
  store.database().execute("UPDATE runs SET started = 1");

  store.start(id, example_run(), 2);
  const RunDetails details = read_run(store.database(), id);
  CHECK(details.status == "running");
  CHECK(details.reason.empty());
  CHECK(details.started == 1);
  CHECK_FALSE(details.ended);
  CHECK(details.restarts == 1);
  REQUIRE(details.metrics.size() == 1);
  CHECK(details.metrics[0].count == 2);
  CHECK(details.metrics[0].last == 0.25);
  CHECK(details.metrics[0].min == 0.25);
  CHECK(details.metrics[0].last_step == 2);

  Recorder again(folder.database(), id);
  again.record("train/loss", 3, 1, 0.1);
  again.finish(Status::done);
  CHECK(read_run(store.database(), id).metrics[0].count == 3);
  auto earlier = store.database().prepare(
      "SELECT name, step, value FROM earlier_points WHERE attempt = 1 ORDER BY name");
  REQUIRE(earlier.step());
  CHECK(earlier.text(0) == "eval/loss");
  REQUIRE(earlier.step());
  CHECK(earlier.text(0) == "train/loss");
  CHECK(earlier.integer(1) == 3);
  auto attempts = store.database().prepare("SELECT status, reason, next_step FROM attempts");
  REQUIRE(attempts.step());
  CHECK(attempts.text(0) == "interrupted");
  CHECK(attempts.text(1) == "SIGUSR1");
  CHECK(attempts.integer(2) == 2);
}

TEST_CASE("a run's duration is the time that it ran, and each attempt keeps its command") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  Run run = example_run();
  run.command = "runner run mnist.yaml";
  const std::string id = store.begin(run);
  const auto end = [&] { Recorder(folder.database(), id).finish(Status::interrupted); };
  const auto ms = [&](const std::string& sql) { return store.database().integer(sql); };
  end();
  // It ran for 10 s, a long time ago.
  store.database().execute("UPDATE runs SET started = 1700000000000, ended = 1700000010000");
  run.command = "runner resume last";
  for (int attempt = 0; attempt < 2; ++attempt) {
    store.start(id, run, 0);
    store.database().execute("UPDATE runs SET idle = idle - 5000");  // as if it ran 5 s more
    end();
  }
  const auto details = read_run(store.database(), id);
  CHECK(details.started == 1700000000000);
  CHECK(*duration(details) == doctest::Approx(20).epsilon(0.1));
  CHECK(details.commands ==
        std::vector<std::string>{"runner run mnist.yaml", "runner resume last"});
  CHECK(ms("SELECT CAST(duration AS INTEGER) FROM overview") / 5 == 4);
  CHECK(ms("SELECT count(*) FROM attempts WHERE started >= 1700000000000") == 2);
  const auto listed = list_runs(store.database(), {.columns = {"duration"}});
  CHECK(std::get<double>(listed.rows[0][0]) == *duration(details));
}

TEST_CASE("a resumed run that dies before its first point ended when it was resumed") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const std::string id = store.begin(example_run());
  Recorder(folder.database(), id).finish(Status::interrupted);
  store.database().execute("UPDATE runs SET started = 1700000000000, ended = 1700000010000");
  store.start(id, example_run(), 0);
  store.database().execute("UPDATE runs SET pid = 1, pid_started = 1");
  Store::open(folder.database());
  const auto details = read_run(store.database(), id);
  CHECK(details.status == "crashed");
  CHECK(*duration(details) == 10);
}

TEST_CASE("a checkpoint is in the store with the points before it, until it is forgotten") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const std::string id = store.begin(example_run());
  Recorder recorder(folder.database(), id);
  recorder.record("train/loss", 10, 1, 0.5);
  recorder.add({10, 0.5, "/checkpoints/step-10", "[]", 12, "{}", 1});
  recorder.add({20, 1.0, "/checkpoints/step-20", "[]", 12, "{}", 2});
  recorder.flush();
  CHECK(read_run(store.database(), id).metrics[0].count == 1);
  REQUIRE(store.checkpoints(id).size() == 2);
  CHECK(store.checkpoints(id)[0].step == 20);
  CHECK(store.checkpoints(id)[1].folder == "/checkpoints/step-10");
  store.forget_checkpoint(id, 20);
  CHECK(store.checkpoints(id).size() == 1);
}

TEST_CASE("a run whose process lives is not started a second time on its host") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const std::string id = store.begin(example_run());
  CHECK(error_of_start(store, id) ==
        "run " + id + " is running already, in process " + std::to_string(getpid()));
  CHECK(read_run(store.database(), id).restarts == 0);
  CHECK(error_of_start(store, "2q6cqh61vr") ==
        "there is no run 2q6cqh61vr in " + folder.database().string());
}

TEST_CASE("a run that was claimed and given back is what it was") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const std::string id = store.begin(example_run());
  Recorder(folder.database(), id).finish(Status::done, "train.max_time is over");
  const auto before = read_run(store.database(), id);
  const auto standing = store.claim(id, current_process());
  CHECK(read_run(store.database(), id).status == "running");
  CHECK(read_run(store.database(), id).restarts == 0);
  CHECK(error_of_start(store, id) ==
        "run " + id + " is running already, in process " + std::to_string(getpid()));
  store.give_back(id, standing);
  const auto after = read_run(store.database(), id);
  CHECK(after.status == "done");
  CHECK(after.reason == "train.max_time is over");
  CHECK(after.ended == before.ended);
  CHECK(after.run.process.pid == before.run.process.pid);
}

TEST_CASE("a run that a dead machine left behind is started again on another") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  Run run = example_run();
  run.process = {"elsewhere", "another", 1, 1};
  const std::string id = store.begin(run);
  store.start(id, example_run());
  CHECK(read_run(store.database(), id).restarts == 1);
}

TEST_CASE("a queued run that cannot start has failed, one that runs is left alone") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const auto queued = store.queue(example_run()), running = store.begin(example_run());
  for (const auto& id : {queued, running}) store.give_up_queued(id, "no data");
  CHECK(read_run(store.database(), queued).status == "failed");
  CHECK(read_run(store.database(), queued).reason == "no data");
  CHECK(read_run(store.database(), running).status == "running");
}

TEST_CASE("runs of jobs are those that wait and those that run on other hosts") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  Run run = example_run();
  run.job_id = "7";
  const auto queued = store.queue(run), here = store.begin(run);
  store.queue(example_run());
  run.process.host = "node9";
  run.job_id = "8";
  const auto there = store.begin(run);
  using Jobs = std::vector<std::pair<std::string, std::string>>;
  CHECK(store.runs_of_jobs(example_run().process.host) == Jobs{{queued, "7"}, {there, "8"}});
  for (const auto& id : {queued, there}) store.end_run_of_job(id, "Slurm job is gone");
  CHECK(read_run(store.database(), queued).status == "failed");
  CHECK(read_run(store.database(), there).status == "crashed");
  CHECK(read_run(store.database(), here).status == "running");
}
