#include "registry/schedulers/reduce_on_plateau.hpp"

#include <algorithm>
#include <cmath>

namespace runner {
namespace {

class Plateau final : public Schedule {
 public:
  explicit Plateau(const ReduceOnPlateau& options)
      : options_(options), goal_(goal_of(options.metric, options.mode)) {}

  double lr(double base, const Progress&) const override {
    for (std::int64_t i = 0; i < reductions_; ++i) {
      const double lower = std::max(base * options_.factor, options_.min_lr);
      if (base - lower <= options_.eps) break;
      base = lower;
    }
    return base;
  }

  void measured(std::string_view metric, double value) override {
    if (metric != options_.metric) return;
    if (is_better(value)) {
      best_ = value;
      bad_ = 0;
    } else {
      ++bad_;
    }
    if (cooldown_ > 0) {
      --cooldown_;
      bad_ = 0;
    }
    if (bad_ <= options_.patience) return;
    ++reductions_;
    cooldown_ = options_.cooldown;
    bad_ = 0;
  }

  Json state() const override {
    return {{"best", best_ ? Json(*best_) : Json(nullptr)},
            {"bad", bad_},
            {"cooldown", cooldown_},
            {"reductions", reductions_}};
  }

  void restore(const Json& state) override {
    best_.reset();
    if (!state.at("best").is_null()) best_ = state.at("best").get<double>();
    bad_ = state.at("bad");
    cooldown_ = state.at("cooldown");
    reductions_ = state.at("reductions");
  }

 private:
  bool is_better(double value) const {
    if (!best_) return std::isfinite(value);
    const double sign = goal_ == Goal::smaller ? -1 : 1;
    const double least = options_.threshold_mode == "rel" ? *best_ * (1 + sign * options_.threshold)
                                                          : *best_ + sign * options_.threshold;
    return goal_ == Goal::smaller ? value < least : value > least;
  }

  ReduceOnPlateau options_;
  Goal goal_;
  std::optional<double> best_;
  std::int64_t bad_ = 0;       ///< measurements since the best one, or since the last change
  std::int64_t cooldown_ = 0;  ///< measurements that are still to be ignored
  std::int64_t reductions_ = 0;
};

}  // namespace

std::unique_ptr<Schedule> build(const ReduceOnPlateau& options, const Length&) {
  return std::make_unique<Plateau>(options);
}

}  // namespace runner
