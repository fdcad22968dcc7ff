#include "registry/schedulers/chained.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

using Schedules = std::vector<std::unique_ptr<Schedule>>;

class AtOnce final : public Schedule {
 public:
  explicit AtOnce(Schedules schedules) : schedules_(std::move(schedules)) {}

  double lr(double base, const Progress& progress) const override {
    for (const auto& each : schedules_) base = each->lr(base, progress);
    return base;
  }

 private:
  Schedules schedules_;
};

class InTurn final : public Schedule {
 public:
  InTurn(Schedules schedules, std::vector<std::int64_t> ends)
      : schedules_(std::move(schedules)), ends_(std::move(ends)) {}

  double lr(double base, const Progress& progress) const override {
    const auto turn = std::ranges::upper_bound(ends_, progress.step) - ends_.begin();
    return schedules_[static_cast<std::size_t>(turn)]->lr(base, progress);
  }

 private:
  Schedules schedules_;
  std::vector<std::int64_t> ends_;  ///< the step after which each but the last hands over
};

std::unique_ptr<Schedule> in_turn(const Chained& options, const Length& length) {
  std::vector<std::int64_t> ends;
  for (const auto milestone : *options.milestones)
    ends.push_back(length.after({milestone, unit_of(options.interval)}).first_step);
  Schedules schedules;
  auto stretch = length;
  for (std::size_t i = 0; i < options.schedulers.list.size(); ++i) {
    if (i > 0) stretch.first_step = ends[i - 1];
    stretch.last_step = i < ends.size() ? ends[i] : length.last_step;
    schedules.push_back(build_schedule(options.schedulers.list[i], stretch));
  }
  return std::make_unique<InTurn>(std::move(schedules), std::move(ends));
}

}  // namespace

std::string Chained::conflict() const {
  if (schedulers.list.empty()) return "schedulers are missing; expected a list of at least one";
  for (const auto& each : schedulers.list)
    if (const auto name = each.at("name").get<std::string>();
        name == "chained" || name == "reduce_on_plateau")
      return fmt::format("'{}' cannot be one of its schedulers", name);
  if (!milestones) return "";
  if (milestones->size() + 1 != schedulers.list.size())
    return fmt::format("milestones has {} numbers; expected one fewer than the {} schedulers",
                       milestones->size(), schedulers.list.size());
  return std::ranges::is_sorted(*milestones, std::less_equal()) ? "" : "milestones must ascend";
}

std::unique_ptr<Schedule> build(const Chained& options, const Length& length) {
  if (options.milestones) return in_turn(options, length);
  Schedules schedules;
  for (const auto& each : options.schedulers.list)
    schedules.push_back(build_schedule(each, length));
  return std::make_unique<AtOnce>(std::move(schedules));
}

}  // namespace runner
