#include "experiments/matrices.hpp"

#include "experiments/details.hpp"
#include "experiments/schema.hpp"
#include "tests/experiments/fixture.hpp"

using namespace runner;

namespace {

using Counts = std::vector<std::vector<std::int64_t>>;

CountMatrix found(std::int64_t step, const Counts& counts) {
  return {"eval/confusion_matrix", step, static_cast<double>(step) / 10, counts, 1};
}

std::string error_of_reading(Store& store, const std::string& id,
                             std::optional<std::int64_t> step) {
  return error_of<UserError>(
      [&] { read_matrix(store.database(), id, "eval/confusion_matrix", step); });
}

}  // namespace

TEST_CASE("a matrix of counts comes back from the store, the newest or that of a step") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const std::string id = store.begin(example_run());
  Recorder recorder(folder.database(), id);
  recorder.add(found(10, {{3, 1}, {0, 4}}));
  recorder.add(found(20, {{4, 0}, {0, 4}}));
  recorder.flush();
  const auto newest = read_matrix(store.database(), id, "eval/confusion_matrix", {});
  CHECK(newest.step == 20);
  CHECK(newest.epoch == 2.0);
  CHECK(newest.counts == Counts{{4, 0}, {0, 4}});
  CHECK(read_matrix(store.database(), id, "eval/confusion_matrix", 10).counts ==
        Counts{{3, 1}, {0, 4}});
  const auto details = read_run(store.database(), id);
  REQUIRE(details.matrices.size() == 1);
  CHECK(details.matrices[0].name == "eval/confusion_matrix");
  CHECK(details.matrices[0].steps == std::vector<std::int64_t>{10, 20});
}

TEST_CASE("a matrix that is not there is answered with those that are") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const std::string id = store.begin(example_run());
  CHECK(error_of_reading(store, id, {}) ==
        "run " + id +
            " has no eval/confusion_matrix; there is none: its recipe's eval.metrics must name "
            "confusion_matrix");
  Recorder recorder(folder.database(), id);
  for (const auto step : {10, 20, 30, 40, 50, 60, 70, 80}) recorder.add(found(step, {{1}}));
  recorder.flush();
  CHECK(error_of_reading(store, id, 15) ==
        "run " + id +
            " has no eval/confusion_matrix of step 15; there are those of steps 10, 20, 30, 40, "
            "50, ..., 80");
}

TEST_CASE("matrices after the step that a run goes back to are those of the earlier attempt") {
  const TemporaryFolder folder;
  Store store = Store::create_or_open(folder.database());
  const std::string id = store.begin(example_run());
  {
    Recorder recorder(folder.database(), id);
    recorder.add(found(10, {{1}}));
    recorder.add(found(20, {{2}}));
    recorder.finish(Status::interrupted);
  }
  store.start(id, example_run(), 10);
  CHECK(read_matrix(store.database(), id, "eval/confusion_matrix", {}).step == 10);
  auto earlier =
      store.database().prepare("SELECT attempt, name, step, epoch, counts FROM earlier_matrices");
  REQUIRE(earlier.step());
  CHECK(earlier.integer(0) == 1);
  CHECK(earlier.text(1) == "eval/confusion_matrix");
  CHECK(earlier.integer(2) == 20);
  CHECK(earlier.real(3) == 2.0);
  CHECK(earlier.text(4) == "[[2]]");
  CHECK_FALSE(earlier.step());
  Recorder again(folder.database(), id);
  again.add(found(20, {{3}}));
  again.finish(Status::done);
  CHECK(read_matrix(store.database(), id, "eval/confusion_matrix", {}).counts == Counts{{3}});
  store.database().execute("DELETE FROM runs");
  CHECK(store.database().integer("SELECT (SELECT count(*) FROM matrices) +"
                                 " (SELECT count(*) FROM earlier_matrices)") == 0);
}

TEST_CASE("a database from before there were matrices has none, and takes some") {
  const TemporaryFolder folder;
  const std::string id = "2q6cqh61vr";
  make_old_database(folder.database(), 3);
  Store store = Store::open(folder.database());
  CHECK(read_run(store.database(), id).matrices.empty());
  write_matrix(store.database(), id, found(1, {{1}}));
  CHECK(read_run(store.database(), id).matrices.size() == 1);
}
