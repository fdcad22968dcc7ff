#include "experiments/reference.hpp"

#include "tests/experiments/fixture.hpp"

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("a run that only checks is neither last nor its name's while there is another") {
  const TemporaryFolder folder;
  auto store = Store::create_or_open(folder.database());
  auto check = example_run("net");
  check.purpose = "fast-dev-run";
  const auto checked = store.begin(check);
  CHECK(find_run(store.database(), "last") == checked);
  CHECK(find_run(store.database(), "net") == checked);
  const auto trained = store.begin(example_run("net"));
  const auto checked_again = store.begin(check);
  CHECK(find_run(store.database(), "last") == trained);
  CHECK(find_run(store.database(), "net") == trained);
  CHECK(find_run(store.database(), "last", trained) == checked_again);
}

TEST_CASE("a failed run that never trained a step does not take a name over") {
  const TemporaryFolder folder;
  auto store = Store::create_or_open(folder.database());
  const auto run = [&](const std::string& metric, Status end) {
    const auto id = store.begin(example_run("net"));
    Recorder recorder(folder.database(), id);
    recorder.record(metric, 1, 1.0, 0.5);
    recorder.finish(end);
    return id;
  };
  const auto trained = run("train/loss", Status::done);
  const auto never_trained = run("system/cpu_cores", Status::failed);
  CHECK(find_run(store.database(), "net") == trained);
  CHECK(find_run(store.database(), "last") == never_trained);
  const auto failed_later = run("train/loss", Status::failed);
  CHECK(find_run(store.database(), "net") == failed_later);
  CHECK(find_run(store.database(), "net", failed_later) == trained);
  CHECK(find_run(store.database(), "last", failed_later) == never_trained);
}
