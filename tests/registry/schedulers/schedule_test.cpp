#include "registry/schedulers/schedule.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

/// Ten epochs of ten steps of ten samples.
constexpr Length run{.samples_per_epoch = 100, .batch_size = 10, .last_step = 100};

double lr(const Json& component, std::int64_t step, const Length& length = run) {
  return build_schedule(component, length)->lr(1, length.after_step(step));
}

}  // namespace

TEST_CASE("constant keeps the learning rate") {
  for (const auto step : {0, 1, 99}) CHECK(lr({{"name", "constant"}}, step) == 1);
}

TEST_CASE("step divides the learning rate by ten after every epoch unless told otherwise") {
  CHECK(lr({{"name", "step"}}, 9) == 1);
  CHECK(lr({{"name", "step"}}, 10) == doctest::Approx(0.1));
}

TEST_CASE("a schedule that counts samples takes the same course with any batch") {
  const Json halving{{"name", "step"}, {"step_size", 30}, {"gamma", 0.5}, {"interval", "samples"}};
  constexpr Length larger{.samples_per_epoch = 100, .batch_size = 20, .last_step = 50};
  CHECK(lr(halving, 2) == 1);
  CHECK(lr(halving, 3) == 0.5);
  CHECK(lr(halving, 1, larger) == 1);
  CHECK(lr(halving, 2, larger) == 0.5);
}

TEST_CASE("lengths that a recipe leaves open are the run's") {
  CHECK(lr({{"name", "cosine"}}, 99) == lr({{"name", "cosine"}, {"T_max", 10}}, 99));
  const Json by_steps{{"name", "cosine"}, {"interval", "step"}};
  CHECK(lr(by_steps, 50) == doctest::Approx(0.5));
  CHECK(lr(by_steps, 100) == doctest::Approx(0));
  const Json by_samples{{"name", "polynomial"}, {"interval", "samples"}};
  CHECK(lr(by_samples, 25) == doctest::Approx(0.75));
  CHECK(lr({{"name", "one_cycle"}}, 99) == doctest::Approx(1 / 25e4));
  CHECK(lr({{"name", "one_cycle"}}, 29) == doctest::Approx(1));
  CHECK(lr({{"name", "wsd"}}, 90) == 1);
  CHECK(lr({{"name", "wsd"}}, 95) == doctest::Approx(0.5));
  CHECK(lr({{"name", "wsd"}, {"stable", 50}}, 75) == doctest::Approx(0.5));
  CHECK(lr({{"name", "wsd"}, {"decay", 40}}, 80) == doctest::Approx(0.5));
}

TEST_CASE("a warm-up takes its time from the length that the schedule has") {
  const Json cosine{{"name", "cosine"}, {"interval", "step"}, {"warmup", "2 epochs"}};
  CHECK(lr(cosine, 20) == 1);
  CHECK(lr(cosine, 60) == doctest::Approx(0.5));
  CHECK(lr(cosine, 100) == doctest::Approx(0));
}

TEST_CASE("a warm-up rises at every step, whatever it is counted in") {
  for (const auto* warmup : {"2 epochs", "20 steps", "200 samples"}) {
    CAPTURE(warmup);
    const Json constant{{"name", "constant"}, {"warmup", warmup}};
    CHECK(lr(constant, 0) == 0);
    CHECK(lr(constant, 1) == doctest::Approx(0.05));
    CHECK(lr(constant, 19) == doctest::Approx(0.95));
    CHECK(lr(constant, 20) == 1);
  }
}

TEST_CASE("a warm-up longer than the run is not finished") {
  CHECK(lr({{"name", "step"}, {"warmup", "1000 steps"}}, 50) == doctest::Approx(0.05));
  CHECK(lr({{"name", "cosine"}, {"warmup", "9000000000000000000 epochs"}}, 99) ==
        doctest::Approx(0));
}

TEST_CASE("after a warm-up that ends within an epoch, the epoch's end still counts") {
  const Json step{{"name", "step"}, {"warmup", "5 steps"}};
  CHECK(lr(step, 5) == 1);
  CHECK(lr(step, 9) == 1);
  CHECK(lr(step, 10) == doctest::Approx(0.1));
}

TEST_CASE("inverse_sqrt takes its timescale from the warm-up, in its own interval") {
  const Json by_samples{{"name", "inverse_sqrt"}, {"interval", "samples"}, {"warmup", "1 epoch"}};
  CHECK(lr(by_samples, 10) == 1);
  CHECK(lr(by_samples, 40) == doctest::Approx(0.5));
  CHECK(lr({{"name", "inverse_sqrt"}}, 100) == doctest::Approx(1 / std::sqrt(1.01)));
}

TEST_CASE("one_cycle starts from the recipe's max_lr, or from each group's own") {
  const Json own{{"name", "one_cycle"}};
  const Json given{{"name", "one_cycle"}, {"max_lr", 2.0}};
  CHECK(build_schedule(own, run)->lr(4, run.after_step(29)) == doctest::Approx(4));
  CHECK(build_schedule(given, run)->lr(4, run.after_step(29)) == doctest::Approx(2));
}

TEST_CASE("a one_cycle too short for its phases stays finite") {
  for (const std::int64_t steps : {1, 2, 3, 4})
    for (const bool three_phase : {false, true}) {
      const Length tiny{.samples_per_epoch = 100, .batch_size = 10, .last_step = steps};
      for (std::int64_t step = 0; step <= steps; ++step)
        CHECK(std::isfinite(lr({{"name", "one_cycle"}, {"three_phase", three_phase}}, step, tiny)));
    }
}

TEST_CASE("schedulers in turn have their own lengths, and hand over at the end of an epoch") {
  const Json in_turn{{"name", "chained"},
                     {"milestones", {4}},
                     {"schedulers",
                      {{{"name", "polynomial"}, {"interval", "step"}},
                       {{"name", "cosine"}, {"interval", "step"}}}}};
  CHECK(lr(in_turn, 20) == doctest::Approx(0.5));
  CHECK(lr(in_turn, 39) == doctest::Approx(0.025));
  CHECK(lr(in_turn, 40) == 1);
  CHECK(lr(in_turn, 70) == doctest::Approx(0.5));
}

TEST_CASE("each of several schedulers may have a warm-up of its own") {
  const Json both{{"name", "chained"},
                  {"schedulers",
                   {{{"name", "constant"}, {"warmup", "10 steps"}},
                    {{"name", "step"}, {"gamma", 0.5}, {"warmup", "20 steps"}}}}};
  CHECK(lr(both, 5) == doctest::Approx(0.5 * 0.25));
  CHECK(lr(both, 30) == doctest::Approx(0.5));
}

TEST_CASE("reduce_on_plateau goes on from its state as if nothing had happened") {
  const Json component{{"name", "reduce_on_plateau"}, {"patience", 1}, {"warmup", "10 steps"}};
  const auto one = build_schedule(component, run);
  for (const auto value : {1.0, 1.0, 1.0, 1.0}) one->measured("eval/loss", value);
  const auto other = build_schedule(component, run);
  other->restore(one->state());
  one->measured("eval/loss", 1.0);
  other->measured("eval/loss", 1.0);
  CHECK(one->lr(1, run.after_step(50)) == doctest::Approx(0.01));
  CHECK(other->lr(1, run.after_step(50)) == one->lr(1, run.after_step(50)));
  CHECK(other->lr(1, run.after_step(5)) == doctest::Approx(0.5));
  other->restore(build_schedule(component, run)->state());
  CHECK(other->lr(1, run.after_step(50)) == 1);
}

TEST_CASE("schedules that are functions of the progress have no state") {
  for (const auto* name : {"constant", "step", "cosine", "one_cycle", "wsd"})
    CHECK(build_schedule({{"name", name}}, run)->state().is_null());
}
