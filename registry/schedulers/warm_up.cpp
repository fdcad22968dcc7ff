#include "registry/schedulers/warm_up.hpp"

namespace runner {
namespace {

class WarmedUp final : public Schedule {
 public:
  WarmedUp(const WarmUp& options, const Length& whole, const Length& rest,
           std::unique_ptr<Schedule> then)
      : start_(options.warmup_start),
        unit_(options.warmup->unit == Unit::samples ? Unit::samples : Unit::steps),
        whole_(whole),
        rest_(rest),
        duration_(unit_ == Unit::samples ? options.warmup->count
                                         : rest.first_step - whole.first_step),
        then_(std::move(then)) {}

  double lr(double base, const Progress& progress) const override {
    if (progress.step >= rest_.first_step) return then_->lr(base, progress);
    const auto done = static_cast<double>(whole_.completed(progress, unit_));
    return base * (start_ + (1 - start_) * done / static_cast<double>(duration_));
  }

  void measured(std::string_view metric, double value) override { then_->measured(metric, value); }
  Json state() const override { return then_->state(); }
  void restore(const Json& state) override { then_->restore(state); }

 private:
  double start_;
  Unit unit_;
  Length whole_, rest_;
  std::int64_t duration_;
  std::unique_ptr<Schedule> then_;
};

}  // namespace

Length after(const WarmUp& options, const Length& length) {
  return options.warmup ? length.after(*options.warmup) : length;
}

std::unique_ptr<Schedule> warmed_up(const WarmUp& options, const Length& whole, const Length& rest,
                                    std::unique_ptr<Schedule> then) {
  if (!options.warmup) return then;
  return std::make_unique<WarmedUp>(options, whole, rest, std::move(then));
}

}  // namespace runner
