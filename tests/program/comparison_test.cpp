#include "tests/program/sweeping.hpp"

#include <doctest/doctest.h>
#include <signal.h>

using namespace runner;

namespace {

/// Runs of one recipe: the first, its twin, one with another seed, one with another learning rate.
struct Four {
  Sweeping runs{"train: {max_steps: 40}\nlog: {every: 1 steps}\n"};
  std::vector<std::string> ids;

  Four() {
    for (const auto* change : {"seed=1", "seed=1", "seed=2", "optimizer.lr=0.5"}) {
      REQUIRE(runs.run({change, "topology.threads=1"}).code == 0);
      ids.push_back(runs.text("SELECT max(id) FROM runs"));
    }
  }
};

std::vector<std::string> names_of(const Json& rows, bool differing) {
  std::vector<std::string> names;
  for (const auto& row : rows)
    if (row.at("differs") == differing) names.push_back(row.at("name"));
  return names;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("runs are compared, explained, grouped and asked for in SQL") {
  const Four four;
  const auto& [runs, ids] = four;

  SUBCASE("compare says what differs, first in config") {
    const auto answer = runs.answer({"compare", ids[0], ids[3]});
    CHECK(names_of(answer.at("config"), true) == std::vector<std::string>{"optimizer.lr"});
    CHECK(names_of(answer.at("code"), true).empty());
    CHECK(names_of(answer.at("data"), true).empty());
    CHECK(names_of(answer.at("surroundings"), true).empty());
    CHECK_FALSE(names_of(answer.at("metrics"), true).empty());
    const auto page = runs.ask({"compare", ids[0], ids[3]}).out;
    CHECK(has(page, "\noptimizer.lr  0.001       0.5\n"));
    CHECK(has(page, "\ntrain/loss"));
    CHECK_FALSE(has(runs.ask({"compare", ids[0], ids[3], "--no-curves"}).out, "\ntrain/loss over"));
    CHECK(has(page, "\nThe same: code, data, surroundings.\n"));
    CHECK_FALSE(has(page, "train.batch_size"));
    CHECK(has(runs.ask({"compare", ids[0], ids[3], "--all"}).out, "train.batch_size"));
    CHECK(runs.ask({"compare", ids[0]}).err ==
          "runner: compare takes two runs or more: runner compare A B\n");
  }

  SUBCASE("why tells twins from seeds, and seeds from settings") {
    const auto twins = runs.answer({"why", ids[0], ids[1]});
    CHECK(twins.at("parting_step").is_null());
    CHECK(twins.at("common_points") == 40);
    CHECK(has(runs.ask({"why", ids[0], ids[1]}).out,
              "The same: config, data, code, seed, surroundings.\n\n"
              "All 40 common points of train/loss are the same, bit for bit.\n"));
    const auto seeds = runs.answer({"why", ids[0], ids[2]});
    CHECK(seeds.at("differences").at("seed")[0].at("values") == Json{1, 2});
    CHECK(seeds.at("differences").at("config").empty());
    CHECK(seeds.at("parting_step") == 1);
    CHECK(seeds.at("chance").at("runs") == 3);
    const auto settings = runs.ask({"why", ids[0], ids[3]}).out;
    CHECK(has(settings, "optimizer.lr  0.001"));
    CHECK(has(settings, "They part in train/loss at step 2: "));
    CHECK(runs.ask({"why", ids[0], ids[3], "--metric", "eval/los"}).err ==
          "runner: " + ids[0] + " and " + ids[3] + " have not both recorded eval/los\n");
  }

  SUBCASE("list groups runs, and answers SQL that only reads") {
    const auto groups =
        runs.answer({"list", "--group-by", "optimizer.lr", "--columns", "eval/loss"});
    REQUIRE(groups.size() == 2);
    CHECK(groups[0].at("group") == Json{{"optimizer.lr", 0.001}});
    CHECK(groups[0].at("runs") == 3);
    CHECK(groups[1].at("runs") == 1);
    CHECK(groups[0].at("columns").at("eval/loss").at("count") == 3);
    const auto counts = runs.answer(
        {"list", "--sql", "SELECT status, count(*) AS n FROM overview GROUP BY status"});
    CHECK(counts == Json::parse(R"([{"status": "done", "n": 4}])"));
    CHECK(runs.ask({"list", "--sql", "SELECT name, seed FROM overview LIMIT 1"}).out ==
          "name   seed\nsmall     1\n");
    const auto writes = runs.ask({"list", "--sql", "DELETE FROM runs"});
    CHECK(writes.code == 2);
    CHECK(has(writes.err, "runner: --sql: only reads; sqlite3 "));
    const auto wrong = runs.ask({"list", "--sql", "SELECT nme FROM overview"});
    CHECK(wrong.code == 2);
    CHECK(wrong.err ==
          "runner: --sql: no such column: nme; the views are overview and metrics, the "
          "tables are in experiments/README.md\n");
    // SQLite would read "small" as a text.
    const auto quoted =
        runs.ask({"list", "--sql", "SELECT name FROM overview WHERE name = \"small\""});
    CHECK(quoted.code == 2);
    CHECK(quoted.err ==
          "runner: --sql: no such column: small; the views are overview and metrics, the tables "
          "are in experiments/README.md\n");
    CHECK(runs.answer({"list", "--sql", "SELECT 1 AS a, 2 AS a, 3 AS \"a:1\""}) ==
          Json::parse(R"([{"a": 1, "a:2": 2, "a:1": 3}])"));
    CHECK(runs.integer("SELECT count(*) FROM runs") == 4);
  }
}

TEST_CASE("a run is reproduced by one of another name, to the bit") {
  const Sweeping runs("train: {max_steps: 40}\neval: {every: 10 steps}\nlog: {every: 1 steps}\n");
  REQUIRE(runs.run({"topology.threads=1"}).code == 0);
  const auto id = runs.text("SELECT id FROM runs");
  const auto again = runs.answer({"reproduce", "small", "--steps", "20"});
  CHECK(again.at("run") == id);
  CHECK(again.at("again") == runs.text("SELECT max(id) FROM runs"));
  CHECK(again.at("reproduced") == true);
  CHECK(again.at("metrics").at("train/loss").at("points") == 20);
  CHECK(runs.text("SELECT name FROM runs ORDER BY id DESC") == "small-again");
  const auto page = runs.ask({"reproduce", "small", "--steps", "0"});
  CHECK(page.code == 0);
  CHECK(has(page.out, "\nThe same: config, code, data"));
  CHECK(has(page.out, "\nrun " + id + " is reproduced by run "));

  const Database database(runs.folder().path() / "runs.db", Database::Open::existing);
  const auto of = " WHERE run_id = '" + id + "' AND name = 'eval/loss'";
  database.execute(
      "UPDATE points SET value = NULL WHERE step = 10 AND series_id ="
      " (SELECT id FROM series" +
      of + ")");
  const auto other = runs.ask({"reproduce", id, "--steps", "20", "--tolerance", "1", "--json"});
  CHECK(other.code == 1);
  CHECK(Json::parse(other.out).at("reproduced") == false);
  CHECK(Json::parse(other.out).at("metrics").at("eval/loss").at("largest_difference") ==
        "Infinity");
  database.execute("UPDATE series SET name = 'eval/more'" + of);
  const auto less = runs.ask({"reproduce", id, "--steps", "20"});
  CHECK(less.code == 1);
  CHECK(has(less.out, "missing: not measured this time\n"));
}

TEST_CASE("a reproduction that is stopped before its end says so, and passes for nothing") {
  const Sweeping runs("train: {epochs: 1000}\n");
  auto first = runs.start();
  REQUIRE(first.wait_for("epoch 1,"));
  first.signal(SIGTERM);
  first.wait();
  const TemporaryDirectory terminal;
  Program again(terminal.path(), {"reproduce", "last", "--steps", "0", "--db",
                                  (runs.folder().path() / "runs.db").string()});
  REQUIRE(again.wait_for("epoch 1,"));
  again.signal(SIGTERM);
  const auto stopped = again.wait();
  CHECK(stopped.code == 3);
  CHECK(has(stopped.out, "\nnothing is compared: run " + runs.text("SELECT max(id) FROM runs") +
                             " was stopped at step "));
}

TEST_CASE("watch follows a run from another terminal until it ends") {
  const Sweeping runs("train: {epochs: 1000}\n");
  auto training = runs.start();
  REQUIRE(training.wait_for("epoch 1,"));
  const TemporaryDirectory terminal;
  Program watching(terminal.path(), {"watch", "--db", (runs.folder().path() / "runs.db").string()});
  REQUIRE(watching.wait_for("eval/accuracy"));
  training.signal(SIGTERM);
  training.wait();
  const auto watched = watching.wait();
  CHECK(watched.code == 3);
  const auto id = runs.text("SELECT id FROM runs");
  CHECK(has(watched.out, "\nrun " + id + " is interrupted: "));
}

TEST_CASE("a run keeps what it was surrounded by, and no secrets") {
  const TemporaryDirectory folder;
  const auto recipe = folder.write("small.yaml", "extends: " RUNNER_SOURCE_DIR
                                                 "/recipes/synthetic.yaml\n"
                                                 "train: {max_steps: 5}\n");
  const auto git = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"git", "-c", "user.name=A", "-c", "user.email=a@b"});
    return Program::command(folder.path(), words).wait().code;
  };
  REQUIRE(git({"init", "-q"}) == 0);
  folder.write("notes.txt", "one\n");
  folder.write(".env", "A=1\n");
  REQUIRE(git({"add", "notes.txt", ".env"}) == 0);
  REQUIRE(git({"commit", "-qm", "first"}) == 0);
  folder.write("notes.txt", "two\napi_key = 'abcdef'\n");
  folder.write(".env", "A=hidden\n");
  REQUIRE(run(folder.path(), {"run", recipe},
              {{"NCCL_DEBUG", "WARN"},
               {"CUDA_SECRET_TOKEN", "hidden"},
               {"RUNNER_MIRROR", "https://me:pass@host/x"},
               {"MY_OWN", "not asked for"}})
              .code == 0);
  const auto shown = shown_run(folder);
  const auto& environment = shown.at("environment");
  CHECK(environment.at("NCCL_DEBUG") == "WARN");
  CHECK(environment.at("RUNNER_MIRROR") == "https://***@host/x");
  CHECK_FALSE(environment.contains("CUDA_SECRET_TOKEN"));
  CHECK_FALSE(environment.contains("MY_OWN"));
  CHECK(shown.at("git_dirty") == true);
  const auto diff = run(folder.path(), {"show", "--diff"}).out;
  CHECK(has(diff, "\n-one\n+two\n+api_key = '***'\n"));
  CHECK_FALSE(has(diff, ".env"));
  CHECK(run(folder.path(), {"run", recipe, "record={environment: false, git_diff: false}"}).code ==
        0);
  const auto bare = shown_run(folder);
  CHECK(bare.at("environment").is_null());
  CHECK(bare.at("git_diff").is_null());
  CHECK(shown.at("versions").contains("cpu_capability"));
}

TEST_CASE("what a run takes of its machine is recorded as it goes on") {
  const Sweeping runs("train: {epochs: 1000, max_time: 3 seconds}\nlog: {system_seconds: 0.5}\n");
  runs.run();
  const auto metrics = runs.answer({"show"}).at("metrics");
  REQUIRE(metrics.contains("system/cpu_cores"));
  CHECK(metrics.at("system/cpu_cores").at("max") > 0.1);
  CHECK(metrics.at("system/resident_mib").at("last") > 50);
  CHECK(metrics.at("system/host_memory_percent").at("last") > 0);
  CHECK(metrics.at("system/host_memory_percent").at("last") <= 100);
}
