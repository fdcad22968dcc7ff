#include "registry/metrics/r2.hpp"

#include "registry/metrics/metric.hpp"
#include "registry/metrics/shape.hpp"

#include <cmath>

#include <ATen/ATen.h>

namespace runner {
namespace {

class R2Metric : public Metric {
 public:
  explicit R2Metric(const MetricShape& shape)
      : Metric(shape.zeros(4 * shape.outputs)), numbers_(shape.outputs) {}

  void add(const at::Tensor& output, const at::Tensor& targets) override {
    const auto target = targets.to(at::kDouble);
    const auto error = output.to(at::kDouble) - target;
    sums() += at::cat({at::full_like(sums().slice(0, 0, numbers_), targets.size(0)), target.sum(0),
                       target.square().sum(0), error.square().sum(0)});
  }

  Values values(const at::Tensor& sums) const override {
    const auto of_all = sums.view({4, numbers_});
    const auto count = of_all[0], sum = of_all[1], squares = of_all[2], errors = of_all[3];
    if (count[0].item<double>() < 2) return {{"r2", std::nan("")}};
    const auto spread = squares - sum.square() / count;
    // Less than this is what rounding has left of nothing.
    const auto score =
        at::where(spread > 1e-12 * squares, 1 - errors / spread, errors.eq(0).to(at::kDouble));
    return {{"r2", score.mean().item<double>()}};
  }

 private:
  std::int64_t numbers_;
};

}  // namespace

std::unique_ptr<Metric> build(const R2&, const MetricShape& shape) {
  return std::make_unique<R2Metric>(shape);
}

}  // namespace runner
