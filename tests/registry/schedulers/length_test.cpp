#include "registry/schedulers/length.hpp"

#include <limits>

#include <doctest/doctest.h>

using namespace runner;

namespace {

/// Ten samples in batches of 4, 4 and 2; three epochs and a step.
constexpr Length run{.samples_per_epoch = 10, .batch_size = 4, .last_step = 10};

}  // namespace

TEST_CASE("the last batch of an epoch may be smaller") {
  CHECK(run.steps_per_epoch() == 3);
  CHECK(run.after_step(2).samples == 8);
  CHECK(run.after_step(3).samples == 10);
  CHECK(run.after_step(3).epoch == 1);
  CHECK(run.after_step(4).samples == 14);
}

TEST_CASE("a run's length counts an epoch that was only begun") {
  CHECK(run.total(Unit::epochs) == 4);
  CHECK(run.total(Unit::steps) == 10);
  CHECK(run.total(Unit::samples) == 34);
}

TEST_CASE("what follows an interval begins with the first step after it") {
  CHECK(run.after({2, Unit::epochs}).first_step == 6);
  CHECK(run.after({2, Unit::steps}).first_step == 2);
  CHECK(run.after({8, Unit::samples}).first_step == 2);
  CHECK(run.after({9, Unit::samples}).first_step == 3);
  CHECK(run.after({11, Unit::samples}).first_step == 4);
  CHECK(run.after({1, Unit::steps}).after({9, Unit::samples}).first_step == 4);
}

TEST_CASE("a stretch counts from its beginning, but epochs end where the run's do") {
  const auto rest = run.after({4, Unit::steps});
  CHECK(rest.completed(run.after_step(7), Unit::steps) == 3);
  CHECK(rest.completed(run.after_step(7), Unit::samples) == 10);
  CHECK(rest.completed(run.after_step(5), Unit::epochs) == 0);
  CHECK(rest.completed(run.after_step(6), Unit::epochs) == 1);
  CHECK(rest.total(Unit::steps) == 6);
  CHECK(rest.total(Unit::samples) == 20);
  CHECK(rest.total(Unit::epochs) == 3);
  CHECK(rest.after({1, Unit::epochs}).first_step == 6);
}

TEST_CASE("an interval beyond any run leaves a stretch that never begins") {
  for (const auto unit : {Unit::epochs, Unit::steps, Unit::samples}) {
    const auto rest = run.after({std::numeric_limits<std::int64_t>::max(), unit});
    CHECK(rest.first_step > run.last_step);
    CHECK(rest.total(unit) == 1);
  }
}

TEST_CASE("a run that goes on with another batch size counts samples and epochs from there") {
  // 1000 samples; batches of 10 for an epoch, then of 100.
  constexpr Length at_end{
      .samples_per_epoch = 1000, .batch_size = 100, .last_step = 210, .origin = {1, 100, 1000}};
  CHECK(at_end.steps_for(12'000) == 210);
  CHECK(at_end.after_step(210) == Progress{12, 210, 12'000});
  CHECK(at_end.after_step(50) == Progress{0, 50, 500});
  CHECK(at_end.total(Unit::epochs) == 12);
  CHECK(at_end.after({2, Unit::epochs}).first_step == 110);
  CHECK(at_end.after({500, Unit::samples}).first_step == 50);
  // In the middle of an epoch: its last step is smaller.
  constexpr Length within{
      .samples_per_epoch = 1000, .batch_size = 300, .last_step = 30, .origin = {0, 25, 250}};
  CHECK(within.after_step(26) == Progress{0, 26, 550});
  CHECK(within.after_step(27) == Progress{0, 27, 850});
  CHECK(within.after_step(28) == Progress{1, 28, 1000});
  CHECK(within.after_step(32) == Progress{2, 32, 2000});
  CHECK(within.steps_for(1000) == 28);
  CHECK(within.steps_for(900) == 28);
  CHECK(within.steps_for(2000) == 32);
  CHECK(within.steps_for(200) == 20);
}
