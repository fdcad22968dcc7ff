#include "registry/metrics/top_k.hpp"

#include "registry/metrics/metric.hpp"
#include "registry/metrics/shape.hpp"

#include <algorithm>

#include <ATen/ATen.h>

namespace runner {
namespace {

class TopKMetric : public Metric {
 public:
  TopKMetric(const TopK& options, const MetricShape& shape)
      : Metric(shape.zeros(2)),
        k_(std::min(options.k, shape.outputs)),
        name_(options.names().front()) {}

  void add(const Judged& judged) override {
    const auto likeliest = std::get<1>(judged.output.topk(k_, 1));
    sums()[0] += likeliest.eq(judged.targets.unsqueeze(1)).sum();
    sums()[1] += judged.targets.size(0);
  }

  Values values(const at::Tensor& sums) const override {
    return {{name_, (sums[0] / sums[1]).item<double>()}};
  }

 private:
  std::int64_t k_;
  std::string name_;
};

}  // namespace

std::unique_ptr<Metric> build(const TopK& options, const MetricShape& shape) {
  return std::make_unique<TopKMetric>(options, shape);
}

}  // namespace runner
