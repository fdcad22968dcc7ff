#include "registry/metrics/r2.hpp"

#include "registry/metrics/metric.hpp"
#include "registry/metrics/shape.hpp"
#include "registry/parallel/ranks.hpp"

#include <cmath>

#include <ATen/ATen.h>

namespace runner {
namespace {

/// Of each number: how many there are, one of the targets, the sum and the sum of squares of what
/// the targets are more than that one, and the sum of squared errors. A number that is one of the
/// targets is at most sqrt(samples) deviations away from their mean: little cancels.
class R2Metric : public Metric {
 public:
  explicit R2Metric(const MetricShape& shape)
      : Metric(shape.zeros(5 * shape.outputs)), numbers_(shape.outputs) {}

  void add(const Judged& judged) override {
    if (judged.targets.size(0) == 0) return;
    const auto target = judged.targets.to(at::kDouble);
    auto kept = rows(sums());
    kept.origin.copy_(at::where(kept.count == 0, target[0], kept.origin));
    const auto more = target - kept.origin;
    kept.count += judged.targets.size(0);
    kept.sum += more.sum(0);
    kept.squares += more.square().sum(0);
    kept.errors += (judged.output.to(at::kDouble) - target).square().sum(0);
  }

  /// All ranks take the origin of the first.
  void add_up(const Ranks& ranks) override {
    auto kept = rows(sums());
    auto origin = ranks.rank() == 0 ? kept.origin.clone() : at::zeros_like(kept.origin);
    ranks.sum(origin);
    const auto more = kept.origin - origin;
    kept.squares += more * (2 * kept.sum + kept.count * more);
    kept.sum += kept.count * more;
    Metric::add_up(ranks);
  }

  Values values(const at::Tensor& sums) const override {
    const auto all = rows(sums);
    if (all.count[0].item<double>() < 2) return {{"r2", std::nan("")}};
    const auto spread = all.squares - all.sum.square() / all.count;
    const auto is_constant = all.squares == 0;
    const auto score =
        at::where(is_constant, all.errors.eq(0).to(at::kDouble), 1 - all.errors / spread);
    return {{"r2", score.mean().item<double>()}};
  }

 private:
  struct Rows {
    at::Tensor count, origin, sum, squares, errors;
  };
  Rows rows(const at::Tensor& sums) const {
    const auto each = sums.view({5, numbers_});
    return {each[0], each[1], each[2], each[3], each[4]};
  }

  std::int64_t numbers_;
};

}  // namespace

std::unique_ptr<Metric> build(const R2&, const MetricShape& shape) {
  return std::make_unique<R2Metric>(shape);
}

}  // namespace runner
