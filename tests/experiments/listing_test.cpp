#include "experiments/listing.hpp"

#include "experiments/grouping.hpp"
#include "tests/experiments/fixture.hpp"

#include <cmath>

#include <fmt/format.h>

using namespace runner;

namespace {

// Ten runs, r0 to r9; r3 has no loss, and r4's is NaN.
struct TenRuns {
  TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());

  TenRuns() {
    for (int i = 0; i < 10; ++i) {
      Run run = example_run(fmt::format("r{}", i));
      run.settings = {{"optimizer.lr", (i * 7 % 10) / 10.0, "default"}};
      Recorder recorder(folder.database(), store.begin(run));
      if (i != 3) recorder.record("eval/loss", 1, 1, i == 4 ? std::nan("") : i % 5);
      recorder.finish(Status::done);
    }
  }

  std::string names(ListRequest request) {
    request.columns = {"name"};
    std::string names;
    for (const auto& row : list_runs(store.database(), request).rows)
      names.append(std::get<std::string>(row[0])).append(" ");
    return names;
  }
};

}  // namespace

TEST_CASE("a list has the newest runs first, and says how many there are") {
  TenRuns runs;
  CHECK(runs.names({}) == "r9 r8 r7 r6 r5 r4 r3 r2 r1 r0 ");
  CHECK(runs.names({.limit = 3}) == "r9 r8 r7 ");
  CHECK(runs.names({.limit = 0}) == "r9 r8 r7 r6 r5 r4 r3 r2 r1 r0 ");
  CHECK(list_runs(runs.store.database(), {.columns = {"id"}, .limit = 3}).total == 10);
  CHECK(list_runs(runs.store.database(), {.where = "name < r4", .columns = {"id"}, .limit = 3})
            .total == 4);
}

TEST_CASE("a list sorts by several keys, either way, and what lacks a key comes last") {
  TenRuns runs;
  CHECK(runs.names({.sort = "optimizer.lr"}) == "r0 r3 r6 r9 r2 r5 r8 r1 r4 r7 ");
  CHECK(runs.names({.sort = "-optimizer.lr", .limit = 2}) == "r7 r4 ");
  CHECK(runs.names({.sort = "eval/loss, -name"}) == "r5 r0 r6 r1 r7 r2 r8 r9 r4 r3 ");
  CHECK(runs.names({.sort = "-eval/loss,name"}) == "r9 r8 r2 r7 r1 r6 r0 r5 r3 r4 ");
}

TEST_CASE("a list shows columns, config values and metrics; a NaN is told from a missing value") {
  TenRuns runs;
  const auto listing = list_runs(
      runs.store.database(), {.where = "name >= r3 and name <= r5",
                              .sort = "name",
                              .columns = {"name", "optimizer.lr", "eval/loss", "max(eval/loss)"}});
  REQUIRE(listing.rows.size() == 3);
  CHECK(listing.rows[0] == std::vector<Value>{std::string("r3"), 0.1, {}, {}});
  CHECK(listing.rows[1] ==
        std::vector<Value>{std::string("r4"), 0.8, std::string("NaN"), std::string("NaN")});
  CHECK(listing.rows[2] == std::vector<Value>{std::string("r5"), 0.5, 0.0, 0.0});
}

TEST_CASE(
    "a list shows, filters and sorts by ranks, nodes, launcher and job, which sorts as a number") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  for (const std::int64_t job : {10, 9, 100}) {
    Run run = example_run();
    run.world_size = job * 2;
    run.nodes = job;
    run.launcher = "slurm";
    run.job_id = std::to_string(job);
    store.begin(run);
  }
  store.begin(example_run());
  const auto listing =
      list_runs(store.database(), {.where = "job_id > 9 and world_size < 300 and launcher == slurm",
                                   .sort = "job_id",
                                   .columns = {"job_id", "world_size", "nodes", "restarts"}});
  REQUIRE(listing.rows.size() == 2);
  CHECK(listing.rows[0] ==
        std::vector<Value>{std::int64_t{10}, std::int64_t{20}, std::int64_t{10}, std::int64_t{0}});
  CHECK(listing.rows[1][0] == Value(std::int64_t{100}));
}

TEST_CASE("a column or sort key that no run has is an error with the nearest name") {
  TenRuns runs;
  CHECK(error_of<UserError>([&] { runs.names({.sort = "-eval/lost"}); }) ==
        "no run has a metric, config path or column 'eval/lost'; did you mean 'eval/loss'?");
  CHECK(error_of<UserError>(
            [&] { list_runs(runs.store.database(), {.columns = {"optimizer.rl"}}); }) ==
        "no run has a metric, config path or column 'optimizer.rl'; did you mean 'optimizer.lr'?");
  CHECK(error_of<UserError>([&] { runs.names({.sort = "-loss"}); }) ==
        "no run has a metric, config path or column 'loss'; did you mean 'eval/loss'?");
  CHECK(known_names(runs.store.database(), {"name", "eval/loss", "eval/accuracy"}) ==
        std::vector<std::string>{"name", "eval/loss"});
}

TEST_CASE("an empty database lists nothing, whatever is asked of it") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  CHECK(list_runs(store.database(), {.where = "eval/accuracy > 1", .columns = {"model"}})
            .rows.empty());
}

TEST_CASE("what is more than SQLite can take is the user's mistake") {
  TenRuns runs;
  std::string columns, filter = "optimizer.lr > 0";
  for (int i = 0; i < 2100; ++i) {
    columns += fmt::format("at(eval/loss, {}),", i);
    filter += " and optimizer.lr > 0";
  }
  const auto& database = runs.store.database();
  CHECK(error_of<UserError>([&] { list_runs(database, {.columns = split_names(columns)}); }) ==
        "SQLite cannot answer that: more than 2000 columns");
  CHECK(error_of<UserError>([&] { runs.names({.sort = columns}); }) ==
        "SQLite cannot answer that: more than 2000 names to sort or to group by");
  CHECK(error_of<UserError>([&] { runs.names({.where = filter}); }) ==
        "SQLite cannot answer that: a filter of more than 1000 terms");
  CHECK(error_of<UserError>([&] { group_runs(database, {}, split_names(columns)); }) ==
        "SQLite cannot answer that: more than 2000 columns");
}
