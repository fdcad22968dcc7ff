#include "registry/metrics/f1.hpp"

#include "registry/metrics/pairs.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

/// a / b, and 0 where b is 0.
at::Tensor share(const at::Tensor& a, const at::Tensor& b) {
  return at::where(b == 0, at::zeros_like(b), a / b);
}

class F1Metric : public PairsMetric {
 public:
  F1Metric(const F1& options, const MetricShape& shape) : PairsMetric(shape), options_(options) {}

  Values values(const at::Tensor& sums) const override {
    const auto counts = pairs(sums);
    const auto right = counts.diagonal(), found = counts.sum(0), there = counts.sum(1);
    const auto precision = share(right, found), recall = share(right, there);
    const auto f1 = share(2 * right, found + there);
    const auto weights = options_.average == "macro" ? (found + there).sign() : there;
    const auto accuracy = share(right.sum(), there.sum());
    const auto average = [&](const at::Tensor& values) {
      if (options_.average == "micro") return accuracy.item<double>();
      return share((values * weights).sum(), weights.sum()).item<double>();
    };
    Values out{{"precision", average(precision)}, {"recall", average(recall)}, {"f1", average(f1)}};
    if (options_.per_class)
      for (std::int64_t i = 0; i < classes(); ++i)
        for (const auto& [name, values] :
             {std::pair{"precision/", precision}, {"recall/", recall}, {"f1/", f1}})
          out.emplace_back(name + std::to_string(i), values[i].item<double>());
    return out;
  }

 private:
  F1 options_;
};

}  // namespace

std::unique_ptr<Metric> build(const F1& options, const MetricShape& shape) {
  return std::make_unique<F1Metric>(options, shape);
}

}  // namespace runner
