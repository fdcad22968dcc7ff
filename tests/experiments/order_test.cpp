#include "experiments/id.hpp"
#include "experiments/listing.hpp"
#include "experiments/merge.hpp"
#include "experiments/reference.hpp"
#include "experiments/sweeps.hpp"
#include "tests/experiments/fixture.hpp"

using namespace runner;

namespace {

std::string listed(const Database& database) {
  std::string all;
  for (const auto& row : list_runs(database, {.columns = {"name"}}).rows)
    all += std::get<std::string>(row.front()) + " ";
  return all;
}

/// As if the clock had been years ahead when it was recorded.
void put_into_the_future(const Database& database, const std::string& table,
                         const std::string& id) {
  database.execute("UPDATE " + table +
                   " SET id = 'z' || substr(id, 2), started = 4102444800000,"
                   " sequence = 4102444800000 WHERE id = '" +
                   id + "'");
}

Sweep example_sweep(const std::string& name) {
  Sweep sweep{};
  sweep.name = sweep.identity = name;
  sweep.mode = "max";
  return sweep;
}

}  // namespace

TEST_CASE(
    "the run that was recorded last is last, and the first in the list, though the clock was ahead "
    "before") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const auto& database = store.database();
  database.execute("PRAGMA foreign_keys = OFF");
  put_into_the_future(database, "runs", store.begin(example_run("ahead")));
  const auto right = store.begin(example_run("right"));
  CHECK(find_run(database, "last") == right);
  CHECK(listed(database) == "right ahead ");
  store.begin(example_run("ahead"));
  CHECK(listed(database) == "ahead right ahead ");
  CHECK(find_run(database, "ahead").front() != 'z');
}

TEST_CASE("the sweep that was begun last is last, though the clock was ahead before") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  put_into_the_future(store.database(), "sweeps",
                      begin_sweep(store.database(), example_sweep("ahead")));
  const auto right = begin_sweep(store.database(), example_sweep("right"));
  CHECK(find_sweep(store.database(), "last").id == right);
}

TEST_CASE("runs of before there were sequences keep their order, and new ones come after them") {
  const TemporaryFolder folder;
  make_old_database(folder.database(), 10);
  {
    const Database old(folder.database(), Database::Open::existing);
    // Imported: recorded after the other, though it had begun before it.
    old.execute(
        "INSERT INTO runs (id, name, recipe, started, host, boot_id, pid, pid_started)"
        " VALUES ('2q6cqh61vz', 'imported', 'x', 1600000000000, 'elsewhere', '', 1, 1)");
  }
  Store store = Store::open(folder.database());
  CHECK(listed(store.database()) == "imported mnist ");
  store.begin(example_run("new"));
  CHECK(listed(store.database()) == "new imported mnist ");
}

TEST_CASE("merged runs take their place among ours by time") {
  const TemporaryFolder here, there;
  Store ours = Store::create_or_open(here.database());
  Store theirs = Store::create_or_open(there.database());
  ours.begin(example_run("first"));
  usleep(5'000);
  theirs.begin(example_run("second"));
  usleep(5'000);
  ours.begin(example_run("third"));
  merge(ours, there.database());
  CHECK(listed(ours.database()) == "third second first ");
}
