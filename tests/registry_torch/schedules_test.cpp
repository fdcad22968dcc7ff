#include "registry/schedulers/schedule.hpp"
#include "tests/reference/reference.hpp"

using namespace runner;

namespace {

/// Sixty epochs of seven steps.
constexpr Length run{.samples_per_epoch = 448, .batch_size = 64, .last_step = 420};
/// A step sees one sample, so that what counts samples counts steps.
constexpr Length one_by_one{.samples_per_epoch = 7, .batch_size = 1, .last_step = 60};

/// The component, and those inside it, counting in `interval` where the case leaves that open.
Json counting(Json component, const char* interval) {
  if (!component.contains("interval")) component["interval"] = interval;
  if (component.contains("schedulers"))
    for (auto& each : component["schedulers"]) each = counting(each, interval);
  return component;
}

/// PyTorch multiplies from step to step, and so carries its rounding along.
void check_near(double lr, double expected, double base) {
  CHECK(std::abs(lr - expected) <= 1e-15 * base + 1e-13 * expected);
}

}  // namespace

TEST_CASE("schedules that count epochs give PyTorch's learning rates at every step of an epoch") {
  for (const auto& each : reference::load("schedules")) {
    if (each.at("scheduler").contains("interval")) continue;
    CAPTURE(each.at("scheduler").dump());
    const auto schedule = build_schedule(counting(each.at("scheduler"), "epoch"), run);
    const double base = each.at("base");
    for (std::int64_t epoch = 0; epoch < 60; ++epoch)
      for (const auto step : {0, 1, 6})
        check_near(schedule->lr(base, run.after_step(epoch * 7 + step)), each.at("lr").at(epoch),
                   base);
  }
}

TEST_CASE("schedules that count steps or samples give PyTorch's learning rates") {
  for (const auto& each : reference::load("schedules"))
    for (const auto* interval : {"step", "samples"}) {
      CAPTURE(each.at("scheduler").dump());
      const auto schedule = build_schedule(counting(each.at("scheduler"), interval), one_by_one);
      const double base = each.at("base");
      for (std::int64_t step = 0; step < 60; ++step) {
        CAPTURE(step);
        check_near(schedule->lr(base, one_by_one.after_step(step)), each.at("lr").at(step), base);
      }
    }
}

TEST_CASE("reduce_on_plateau gives PyTorch's learning rate after every measurement") {
  for (const auto& each : reference::load("plateaus")) {
    CAPTURE(each.at("options").dump());
    Json component{{"name", "reduce_on_plateau"}};
    component.update(each.at("options"));
    // Whose direction is that mode.
    const bool greater = component.value("mode", "min") == "max";
    const auto *metric = greater ? "eval/accuracy" : "eval/loss",
               *other = greater ? "eval/loss" : "eval/accuracy";
    component["metric"] = metric;
    const auto schedule = build_schedule(component, run);
    for (std::size_t i = 0; i < each.at("values").size(); ++i) {
      schedule->measured(metric, each.at("values").at(i));
      schedule->measured(other, 0.5);
      CHECK(schedule->lr(each.at("base"), {}) == each.at("lr").at(i).get<double>());
    }
  }
}
