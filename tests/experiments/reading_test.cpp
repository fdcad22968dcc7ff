#include "experiments/details.hpp"
#include "experiments/listing.hpp"
#include "experiments/reference.hpp"
#include "experiments/sweeps.hpp"
#include "tests/experiments/fixture.hpp"

#include <chrono>
#include <fstream>

#include <sys/stat.h>

using namespace runner;

namespace {

namespace fs = std::filesystem;

/// Another process's writers' lock, which it holds for as long as this lives.
class HeldLock {
 public:
  explicit HeldLock(const fs::path& file) : database_(file, Database::Open::existing) {
    database_.execute("BEGIN IMMEDIATE");
  }
  ~HeldLock() { database_.execute("ROLLBACK"); }
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;

 private:
  Database database_;
};

/// All that reading commands ask, of a database in which only the run 2q6cqh61vr is.
void check_reading(const fs::path& file) {
  const auto begun = std::chrono::steady_clock::now();
  Store store = Store::open(file);
  const auto& database = store.database();
  CHECK(find_run(database, "last") == "2q6cqh61vr");
  const auto rows = list_runs(database, {.where = "seed == 5",
                                         .columns = {"name", "status", "restarts", "purpose"}})
                        .rows;
  REQUIRE(rows.size() == 1);
  CHECK(std::get<std::string>(rows[0][0]) == "mnist");
  CHECK(std::get<std::int64_t>(rows[0][2]) == 0);
  CHECK(read_run(database, "2q6cqh61vr").run.seed == 5);
  CHECK(read_sweeps(database).empty());
  CHECK(store.checkpoints("2q6cqh61vr").empty());
  CHECK(database.integer("SELECT count(*) FROM overview WHERE duration IS NULL") == 1);
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(5));
}

/// As who may write neither the file nor its folder, which root always may.
int as_nobody(const std::function<void()>& work) {
  return exit_code(start_child([&] {
    if (getuid() == 0 && setuid(65534) != 0) return 98;
    work();
    return 0;
  }));
}

}  // namespace

TEST_CASE("a database of every version is read while another process holds the writers' lock") {
  for (std::size_t steps = 1; steps <= schema_steps().size(); ++steps) {
    CAPTURE(steps);
    const TemporaryFolder folder;
    make_old_database(folder.database(), steps);
    const HeldLock lock(folder.database());
    check_reading(folder.database());
    CHECK(Database(folder.database(), Database::Open::existing).integer("PRAGMA user_version") ==
          static_cast<std::int64_t>(steps));
  }
}

TEST_CASE("a database of every version is read in a folder that cannot be written") {
  for (std::size_t steps = 1; steps <= schema_steps().size(); ++steps) {
    CAPTURE(steps);
    const TemporaryFolder folder;
    make_old_database(folder.database(), steps);
    chmod(folder.path().c_str(), 0755);
    chmod(folder.database().parent_path().c_str(), 0555);
    chmod(folder.database().c_str(), 0444);
    CHECK(as_nobody([&] {
            Store store = Store::open(folder.database());
            if (find_run(store.database(), "last") != "2q6cqh61vr") throw 0;
            if (list_runs(store.database(), {.columns = {"sweep"}}).rows.size() != 1) throw 0;
          }) == 0);
    chmod(folder.database().parent_path().c_str(), 0755);
  }
}

TEST_CASE("a run whose process is gone is marked once nobody holds the writers' lock") {
  const TemporaryFolder folder;
  const auto child = start_child([&] {
    Store::create_or_open(folder.database()).begin(example_run());
    return 0;
  });
  REQUIRE(exit_code(child) == 0);
  const auto status = [&] {
    Store store = Store::open(folder.database());
    return read_run(store.database(), find_run(store.database(), "last")).status;
  };
  {
    const HeldLock lock(folder.database());
    CHECK(status() == "running");
  }
  CHECK(status() == "crashed");
}

TEST_CASE("who writes into a database of an older version waits, and brings it forward") {
  const TemporaryFolder folder;
  make_old_database(folder.database(), 3);
  const Shared<bool> is_locked;
  const auto other = start_child([&] {
    const HeldLock lock(folder.database());
    *is_locked = true;
    usleep(300'000);
    return 0;
  });
  while (!*is_locked) usleep(1'000);
  const auto begun = std::chrono::steady_clock::now();
  Store store = Store::open_to_write(folder.database());
  CHECK(std::chrono::steady_clock::now() - begun > std::chrono::milliseconds(200));
  CHECK(exit_code(other) == 0);
  store.begin(example_run("new"));
  CHECK(store.database().integer("SELECT count(*) FROM runs") == 2);
}
