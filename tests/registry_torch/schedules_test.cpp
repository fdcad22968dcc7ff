#include "registry/schedulers/schedule.hpp"
#include "tests/reference/reference.hpp"

using namespace runner;

namespace {

constexpr std::int64_t steps_per_epoch = 7;

Schedule step_schedule(const Json& reference_case, const char* interval) {
  return build_schedule({{"name", "step"},
                         {"step_size", reference_case.at("step_size")},
                         {"gamma", reference_case.at("gamma")},
                         {"interval", interval}});
}

Progress after(std::int64_t steps) {
  return {.epoch = steps / steps_per_epoch, .step = steps, .samples = steps * 64};
}

}  // namespace

TEST_CASE("step changes the learning rate as StepLR does when it counts epochs") {
  for (const auto& each : reference::load("schedules")) {
    const auto schedule = step_schedule(each, "epoch");
    for (std::int64_t epoch = 0; epoch < 50; ++epoch)
      for (const auto step : {0, 1, 6})
        CHECK(schedule(after(epoch * steps_per_epoch + step)) ==
              doctest::Approx(each.at("factors").at(epoch).get<double>()).epsilon(1e-13));
  }
}

TEST_CASE("step changes the learning rate as StepLR does when it counts steps") {
  for (const auto& each : reference::load("schedules")) {
    const auto schedule = step_schedule(each, "step");
    for (std::int64_t step = 0; step < 50; ++step)
      CHECK(schedule(after(step)) ==
            doctest::Approx(each.at("factors").at(step).get<double>()).epsilon(1e-13));
  }
}

TEST_CASE("step divides the learning rate by ten after every epoch unless told otherwise") {
  const auto schedule = build_schedule({{"name", "step"}});
  CHECK(schedule({.epoch = 0, .step = 6, .samples = 384}) == 1.0);
  CHECK(schedule({.epoch = 1, .step = 7, .samples = 448}) == doctest::Approx(0.1));
}

TEST_CASE("constant keeps the learning rate") {
  const auto schedule = build_schedule({{"name", "constant"}});
  for (std::int64_t step = 0; step < 50; ++step) CHECK(schedule(after(step)) == 1.0);
}
