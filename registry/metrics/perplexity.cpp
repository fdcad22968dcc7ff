#include "registry/metrics/perplexity.hpp"

#include "registry/metrics/metric.hpp"
#include "registry/metrics/shape.hpp"

#include <cmath>

#include <ATen/ATen.h>
#include <ATen/OpMathType.h>

namespace runner {
namespace {

class PerplexityMetric : public Metric {
 public:
  explicit PerplexityMetric(const MetricShape& shape) : Metric(shape.zeros(2)) {}

  /// Of logits, or of log-probabilities, which log_softmax leaves as they are.
  void add(const Judged& judged) override {
    const auto log_probabilities =
        judged.output.to(at::toOpMathType(judged.output.scalar_type())).log_softmax(1);
    sums()[0] -= log_probabilities.gather(1, judged.targets.unsqueeze(1)).sum();
    sums()[1] += judged.targets.size(0);
  }

  Values values(const at::Tensor& sums) const override {
    return {{"perplexity", std::exp((sums[0] / sums[1]).item<double>())}};
  }
};

}  // namespace

std::unique_ptr<Metric> build(const Perplexity&, const MetricShape& shape) {
  return std::make_unique<PerplexityMetric>(shape);
}

}  // namespace runner
