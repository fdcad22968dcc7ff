#include "experiments/merge.hpp"

#include "experiments/annotations.hpp"
#include "experiments/details.hpp"
#include "experiments/id.hpp"
#include "experiments/location.hpp"
#include "experiments/merge_files.hpp"
#include "experiments/sweeps.hpp"
#include "experiments/trials.hpp"
#include "tests/experiments/fixture.hpp"

#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace runner;

namespace {

/// Two databases: what is merged goes from `there` to `here`.
struct Two {
  TemporaryFolder folder;
  std::filesystem::path here_file = folder.path() / "here.db",
                        there_file = folder.path() / "there.db";
  Store here = Store::create_or_open(here_file), there = Store::create_or_open(there_file);

  std::string merged() {
    const auto [came, updated, left] = merge(here, there_file);
    return fmt::format("{} {} {}", came, updated, left);
  }
  /// All rows of all tables, in an order that does not depend on how they came.
  std::string content() {
    std::string out;
    auto table = here.database().prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    while (table.step()) {
      const auto name = table.text(0);
      std::string columns;
      auto column = here.database().prepare("SELECT name FROM pragma_table_info(?)");
      column.with(name);
      while (column.step())
        columns += (columns.empty() ? "quote(" : " || ' ' || quote(") + column.text(0) + ")";
      auto row =
          here.database().prepare(fmt::format("SELECT {} FROM {} ORDER BY 1", columns, name));
      while (row.step()) out += name + ": " + row.text(0) + "\n";
    }
    return out;
  }
};

void record(const std::filesystem::path& file, const std::string& run, std::int64_t until,
            std::optional<Status> end = Status::done) {
  Recorder recorder(file, run);
  for (std::int64_t step = 1; step <= until; ++step)
    for (const auto* metric : {"train/loss", "eval/accuracy"})
      recorder.record(metric, step, 0.1 * static_cast<double>(step),
                      1.0 / static_cast<double>(step), 1000 + step);
  if (end)
    recorder.finish(*end);
  else
    recorder.flush();
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

std::int64_t count(const Store& store, std::string_view table) {
  return const_cast<Store&>(store).database().integer(
      fmt::format("SELECT count(*) FROM {}", table));
}

Sweep example_sweep(const std::string& identity) {
  return {.name = "grid",
          .identity = identity,
          .recipe_path = "grid.yaml",
          .recipe_text = "",
          .command = "",
          .metric = "eval/loss",
          .mode = "min",
          .settings = "{}",
          .wanted = 2};
}

}  // namespace

TEST_CASE("merge brings runs with all that belongs to them, and changes nothing the second time") {
  Two two;
  record(two.here_file, two.here.begin(example_run("ours")), 3);
  auto run = example_run("theirs");
  run.settings = {{"optimizer.lr", 0.5, "grid.yaml:3"}};
  const auto id = two.there.begin(run);
  {
    Recorder recorder(two.there_file, id);
    recorder.record("eval/loss", 1, 1, std::nan(""), 1700000000000);
    recorder.add(Checkpoint{1, 1.0, "/elsewhere/checkpoints/" + id + "/step-1", "[]", 8, "{}", 5});
    recorder.add(CountMatrix{
        .name = "eval/confusion_matrix", .step = 1, .epoch = 1, .counts = {{1, 2}, {3, 4}}});
    recorder.finish(Status::failed, "NaN at step 1");
  }
  add_tag(two.there.database(), id, "good");
  CHECK(two.merged() == "1 0 0");

  const auto found = read_run(two.here.database(), id);
  CHECK(found.run.name == "theirs");
  CHECK(found.status == "failed");
  CHECK(found.reason == "NaN at step 1");
  REQUIRE(found.metrics.size() == 1);
  CHECK(std::isnan(found.metrics[0].last));
  REQUIRE(found.run.settings.size() == 1);
  CHECK(found.run.settings[0].origin == "grid.yaml:3");
  CHECK(found.checkpoints.size() == 1);
  CHECK(found.matrices.size() == 1);
  CHECK(read_annotations(two.here.database(), id).tags == std::vector<std::string>{"good"});
  CHECK(two.here.database().integer("SELECT count(*) FROM metrics WHERE run_name = 'ours'") == 6);
  CHECK(two.here.database().integer("SELECT count(*) FROM metrics WHERE run_name = 'theirs'") == 1);

  const auto before = two.content();
  CHECK(two.merged() == "0 0 1");
  CHECK(two.content() == before);
}

TEST_CASE("merge refuses ids and places that are none, and nothing comes") {
  for (const std::string id : {"/tmp/precious", "..", "../2q6cqh61vr", "2q6cqh61v", ""}) {
    Two two;
    two.there.begin(example_run());
    two.there.database().execute("PRAGMA foreign_keys = off");
    two.there.database().prepare("UPDATE runs SET id = ?").with(id).run();
    CHECK_THROWS_WITH_AS(
        two.merged(),
        fmt::format("{}: '{}' is no run's id; nothing was merged", two.there_file.string(), id)
            .c_str(),
        StoreError);
    CHECK(two.here.database().integer("SELECT count(*) FROM runs") == 0);
  }
  for (const std::string place : {"/etc", "checkpoints/ID/../../..", "checkpoints/other/step-1"}) {
    Two two;
    const auto id = two.there.begin(example_run());
    two.there.database()
        .prepare("INSERT INTO checkpoints VALUES (?, 1, 1, ?, '[]', 1, '{}', 1)")
        .with(id, place)
        .run();
    CHECK_THROWS_WITH_AS(two.merged(),
                         fmt::format("{}: run {} has its checkpoints in '{}', which is no place "
                                     "for them; nothing was merged",
                                     two.there_file.string(), id, place)
                             .c_str(),
                         StoreError);
  }
}

TEST_CASE("a merged run's files stay in the other folder, which is told from here") {
  const TemporaryFolder folder;
  const auto here_file = folder.path() / "here" / "runs.db",
             there_file = folder.path() / "there's" / "runs.db";
  auto here = Store::create_or_open(here_file), there = Store::create_or_open(there_file);
  const auto id = there.begin(example_run());
  const auto step = there_file.parent_path() / "checkpoints" / id / "step-1";
  std::filesystem::create_directories(step);
  std::filesystem::create_directories(there_file.parent_path() / "logs" / id);
  there.set_logs(id, (there_file.parent_path() / "logs" / id).string());
  {
    Recorder recorder(there_file, id);
    recorder.add(Checkpoint{1, 1.0, step.string(), "[]", 8, "{}", 5});
    recorder.finish(Status::done);
  }
  CHECK(there.database().integer("SELECT count(*) FROM checkpoints WHERE folder = 'checkpoints/" +
                                 id + "/step-1'") == 1);
  merge(here, there_file);
  CHECK(here.checkpoints(id).at(0).folder == step.string());
  CHECK(read_run(here.database(), id).run.logs ==
        (there_file.parent_path() / "logs" / id).string());
  CHECK_FALSE(is_own(here_file, step));
  merge(here, there_file);
  CHECK(copy_merged_files(here) == 1);
  const auto own = here_file.parent_path() / "checkpoints" / id / "step-1";
  CHECK(here.checkpoints(id).at(0).folder == own.string());
  CHECK(std::filesystem::exists(own));
  CHECK(std::filesystem::exists(step));
  CHECK(copy_merged_files(here) == 0);
}

TEST_CASE(
    "a run that has gone on in the other database is brought up to date, and keeps its name") {
  Two two;
  const auto id = two.there.begin(example_run());
  record(two.there_file, id, 3, {});
  CHECK(two.merged() == "1 0 0");
  rename_run(two.here.database(), id, "mine");
  add_tag(two.here.database(), id, "ours");
  add_tag(two.there.database(), id, "theirs");
  record(two.there_file, id, 5);
  CHECK(two.merged() == "0 1 0");
  const auto found = read_run(two.here.database(), id);
  CHECK(found.run.name == "mine");
  CHECK(found.status == "done");
  CHECK(found.metrics.at(0).last_step == 5);
  CHECK(read_annotations(two.here.database(), id).tags ==
        std::vector<std::string>{"ours", "theirs"});
  const auto before = two.content();
  CHECK(two.merged() == "0 0 1");
  CHECK(two.content() == before);
}

TEST_CASE("a run that is further here stays") {
  Two two;
  const auto id = two.there.begin(example_run());
  record(two.there_file, id, 3, {});
  CHECK(two.merged() == "1 0 0");
  record(two.here_file, id, 4);
  CHECK(two.merged() == "0 0 1");
  CHECK(read_run(two.here.database(), id).status == "done");
}

TEST_CASE("two runs that happen to have one id both stay, also when they are merged again") {
  Two two;
  two.here.begin(example_run("ours"), "2q6cqh61vr");
  for (const auto* id : {"2q6cqh61vr", "2q6cqh61vs"})
    record(two.there_file, two.there.begin(example_run(id), id), 2);
  two.there.database().execute("UPDATE runs SET started = 5, pid = 1");
  CHECK(two.merged() == "2 0 0");
  CHECK(two.merged() == "0 0 2");
  CHECK(count(two.here, "runs") == 3);
  CHECK(read_run(two.here.database(), "2q6cqh61vr").run.name == "ours");
  CHECK(read_run(two.here.database(), "2q6cqh61vs").run.name == "2q6cqh61vs");
  CHECK(read_run(two.here.database(), "2q6cqh61vt").run.name == "2q6cqh61vr");
  CHECK(count(two.here, "points") == 8);
}

TEST_CASE("the ids that follow one another") {
  CHECK(next_run_id("2q6cqh61vr") == "2q6cqh61vs");
  CHECK(next_run_id("2q6cqh6zzz") == "2q6cqh7000");
}

TEST_CASE("a sweep that both databases work on stays one sweep, with the trials of both") {
  Two two;
  const Process process = current_process();
  std::string runs[2];
  for (int i = 0; i < 2; ++i) {
    auto& store = i == 0 ? two.here : two.there;
    const auto sweep = begin_sweep(store.database(), example_sweep("same"));
    Trials trials(store.database(), sweep);
    for (const auto* key : {"a", "b"}) trials.add({.key = key, .parameters = "{}", .point = ""});
    const auto trial = trials.all().at(static_cast<std::size_t>(i));
    auto run = example_run();
    run.sweep = sweep;
    runs[i] = store.begin(run);
    record(i == 0 ? two.here_file : two.there_file, runs[i], 2);
    trials.claim(trial, runs[i], process);
    trials.set_value(trial.number, 0.25);
    trials.put(trial.number, TrialStatus::done);
    trials.add_rung_result(trial.number, 0, 0.25);
  }
  begin_sweep(two.there.database(), example_sweep("another"));
  CHECK(two.merged() == "1 0 0");
  CHECK(count(two.here, "sweeps") == 2);
  const auto sweep = begin_sweep(two.here.database(), example_sweep("same"));
  const auto trials = Trials(two.here.database(), sweep).all();
  REQUIRE(trials.size() == 2);
  for (int i = 0; i < 2; ++i) {
    CHECK(trials.at(static_cast<std::size_t>(i)).run_id == runs[i]);
    CHECK(trials.at(static_cast<std::size_t>(i)).status == TrialStatus::done);
  }
  CHECK(count(two.here, "rung_results") == 2);
  CHECK(two.here.database().integer("SELECT count(DISTINCT sweep) FROM runs") == 1);
  const auto before = two.content();
  CHECK(two.merged() == "0 0 1");
  CHECK(two.content() == before);
}

TEST_CASE("a database of an older schema is merged, and not altered") {
  TemporaryFolder folder;
  auto store = Store::create_or_open(folder.path() / "here.db");
  const auto file = folder.path() / "old" / "old.db";
  for (std::size_t steps = 1; steps < schema_steps().size(); ++steps) {
    std::filesystem::remove(file);
    make_old_database(file, steps);
    const auto before = bytes_of(file);
    const auto merged = merge(store, file);
    CHECK(merged.came == (steps == 1 ? 1 : 0));
    CHECK(merged.there == (steps == 1 ? 0 : 1));
    CHECK(bytes_of(file) == before);
  }
  CHECK(read_run(store.database(), "2q6cqh61vr").run.seed == 5);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    CHECK(entry.path().extension() != ".tmp");
}

TEST_CASE("what cannot be merged is refused, and says why") {
  Two two;
  const auto error = [&](const std::filesystem::path& file) {
    return error_of([&] { merge(two.here, file); });
  };
  const auto in_folder = [&](const char* name) { return (two.folder.path() / name).string(); };
  CHECK(error(in_folder("none.db")) == "there is no database at " + in_folder("none.db"));
  CHECK(error(two.folder.path()) ==
        two.folder.path().string() + " is no file; expected another database");
  CHECK(error(two.here_file) ==
        two.here_file.string() + " is the database that it would be merged into");
  std::ofstream(in_folder("text.db")) << "not a database, however long the text of it may be";
  CHECK(error(in_folder("text.db")) ==
        in_folder("text.db") + " is not a database of runs (nor any SQLite file)");
  Database(in_folder("foreign.db"), Database::Open::create).execute("CREATE TABLE t (a)");
  CHECK(error(in_folder("foreign.db")) ==
        in_folder("foreign.db") + " is an SQLite database, but not one of runs");
  two.there.database().execute("PRAGMA user_version = 999");
  CHECK(error(two.there_file) ==
        fmt::format("{} was written by a newer runner (schema 999; this one knows {}): update "
                    "runner, or name another database with --db",
                    two.there_file.string(), schema_steps().size()));
}
