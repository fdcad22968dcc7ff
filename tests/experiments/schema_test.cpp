#include "experiments/schema.hpp"

#include "experiments/details.hpp"
#include "tests/experiments/fixture.hpp"

#include <array>
#include <fstream>

using namespace runner;

namespace {

std::string text(const Database& database, const std::string& sql) {
  auto statement = database.prepare(sql);
  return statement.step() ? statement.text(0) : "";
}

}  // namespace

TEST_CASE("a database of an older version is brought forward with its data") {
  constexpr std::array steps = {
      "CREATE TABLE animals (name TEXT); INSERT INTO animals VALUES ('cat')",
      "ALTER TABLE animals ADD COLUMN legs INTEGER; UPDATE animals SET legs = 4",
      "CREATE INDEX animals_by_legs ON animals (legs)"};
  const TemporaryFolder folder;
  Database database(folder.path() / "old.db", Database::Open::create);
  migrate(database, std::span(steps).first(1));
  CHECK(database.integer("PRAGMA user_version") == 1);
  migrate(database, steps);
  migrate(database, steps);
  CHECK(database.integer("PRAGMA user_version") == 3);
  CHECK(text(database, "SELECT name || legs FROM animals") == "cat4");
}

TEST_CASE("before a database is brought forward it is copied, once for each version") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "old.db";
  make_old_database(file, 6);
  Store::open(file).database().execute("UPDATE runs SET name = 'renamed'");
  const Database copy(file.string() + ".schema6.backup", Database::Open::existing);
  CHECK(copy.integer("PRAGMA user_version") == 6);
  CHECK(text(copy, "SELECT name FROM runs") == "mnist");
  CHECK(text(copy, "PRAGMA integrity_check") == "ok");
  const auto files = std::distance(std::filesystem::directory_iterator(folder.path()), {});
  Store::open(file);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == files);
}

TEST_CASE("runs of before there were ranks and jobs come along, with nothing known of theirs") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "old.db";
  make_old_database(file, 1);
  const RunDetails details = read_run(Store::open(file).database(), "2q6cqh61vr");
  CHECK(details.run.seed == 5);
  CHECK(details.restarts == 0);
  CHECK_FALSE(details.run.world_size);
  CHECK_FALSE(details.run.nodes);
  CHECK_FALSE(details.run.launcher);
  CHECK_FALSE(details.run.job_id);
  CHECK_FALSE(details.run.logs);
}

TEST_CASE("a step that fails half way leaves the version before it") {
  constexpr std::array steps = {"CREATE TABLE animals (name TEXT)", "DROP TABLE animals; nonsense"};
  const TemporaryFolder folder;
  Database database(folder.path() / "old.db", Database::Open::create);
  CHECK_THROWS_AS(migrate(database, steps), StoreError);
  CHECK(database.integer("PRAGMA user_version") == 1);
  CHECK(database.integer("SELECT count(*) FROM animals") == 0);
}

TEST_CASE("8 processes may bring a database forward at once") {
  constexpr std::array steps = {"CREATE TABLE a (x)", "CREATE TABLE b (x)", "CREATE TABLE c (x)"};
  const TemporaryFolder folder;
  const auto codes = exit_codes_of(8, [&] {
    Database database(folder.path() / "new.db", Database::Open::create);
    migrate(database, steps);
    return static_cast<int>(database.integer("PRAGMA user_version"));
  });
  CHECK(codes == std::vector<int>(8, 3));
}

TEST_CASE("a database of a newer version is refused and left alone") {
  const TemporaryFolder folder;
  Store::create_or_open(folder.database()).database().execute("PRAGMA user_version = 1000");
  CHECK(error_of<StoreError>([&] { Store::open(folder.database()); }) ==
        folder.database().string() +
            " was written by a newer runner (schema 1000; this one knows " +
            std::to_string(schema_steps().size()) +
            "): update runner, or name another database with --db");
  CHECK(Database(folder.database(), Database::Open::existing).integer("PRAGMA user_version") ==
        1000);
}

TEST_CASE("a file that is no database is refused and left alone") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "notes.txt";
  std::ofstream(file)
      << "Buy milk, and then a good many other things that take more than a line to name.\n";
  const auto size = std::filesystem::file_size(file);
  CHECK(error_of<StoreError>([&] { Store::create_or_open(file); }) ==
        file.string() + " is not a database of runs (nor any SQLite file)");
  CHECK(std::filesystem::file_size(file) == size);
}

TEST_CASE("somebody else's SQLite database is refused and left alone") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "other.db";
  Database(file, Database::Open::create).execute("CREATE TABLE songs (title TEXT)");
  CHECK(error_of<StoreError>([&] { Store::create_or_open(file); }) ==
        file.string() + " is an SQLite database, but not one of runs");
  CHECK(Database(file, Database::Open::existing).integer("SELECT count(*) FROM sqlite_schema") ==
        1);
}

TEST_CASE("the views answer plain SQL") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  Run run = example_run();
  run.world_size = 8;
  run.nodes = 2;
  run.launcher = "slurm";
  run.job_id = "4711";
  run.logs = "/logs";
  const std::string id = store.begin(run);
  Recorder recorder(folder.database(), id);
  recorder.record("eval/accuracy", 937, 1, 0.985, 1'700'000'000'000);
  recorder.record("eval/accuracy", 1874, 2, 0.99, 1'700'000'060'000);
  recorder.finish(Status::done);
  store.database().execute("UPDATE runs SET started = 1700000000000, ended = 1700000061500");

  const Database& database = store.database();
  CHECK(text(database,
             "SELECT group_concat(run_name || ' ' || name || ' ' || step || ' ' || epoch || ' ' || "
             "value || ' ' ||"
             " datetime(time / 1000, 'unixepoch'), '; ') FROM metrics WHERE run_id = '" +
                 id + "'") ==
        "mnist eval/accuracy 937 1.0 0.985 2023-11-14 22:13:20; mnist eval/accuracy 1874 2.0 0.99 "
        "2023-11-14 22:14:20");
  CHECK(text(database,
             "SELECT name || ' ' || status || ' ' || started || ' ' || ended || ' ' || duration "
             "FROM overview") == "mnist done 2023-11-14T22:13:20Z 2023-11-14T22:14:21Z 61.5");
  CHECK(text(database,
             "SELECT world_size || ' ' || nodes || ' ' || launcher || ' ' || job_id || ' ' ||"
             " restarts || ' ' || logs FROM overview") == "8 2 slurm 4711 0 /logs");
}

TEST_CASE("deleting a run takes everything of it along") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  Run run = example_run();
  run.settings = {{"seed", std::int64_t{1}, "default"}};
  Recorder recorder(folder.database(), store.begin(run));
  recorder.record("train/loss", 1, 1, 1);
  recorder.finish(Status::done);
  store.database().execute("DELETE FROM runs");
  CHECK(store.database().integer(
            "SELECT (SELECT count(*) FROM points) + (SELECT count(*) FROM series) +"
            " (SELECT count(*) FROM config) + (SELECT count(*) FROM documents)") == 0);
}
