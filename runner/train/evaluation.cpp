#include "runner/train/evaluation.hpp"

#include <algorithm>
#include <utility>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

namespace runner {
namespace {

/// Larger batches take memory on a CPU, and no less time.
constexpr std::int64_t most_at_once_on_cpu = 128;

std::int64_t samples_at_once(std::int64_t batch_size, const Ranks& ranks,
                             const c10::Device& device) {
  const auto at_once = (batch_size + ranks.size() - 1) / ranks.size();
  return device.is_cpu() ? std::min(at_once, most_at_once_on_cpu) : at_once;
}

/// What is added up over the batches of a rank, and then over ranks: [loss, what it counts,
/// targets].
class Totals {
 public:
  Totals(const Measuring& measuring, c10::Device device)
      : measuring_(measuring),
        sums_(at::zeros({3}, at::TensorOptions().dtype(at::kDouble).device(device))) {}

  void add(const Output& output, const Batch& batch) {
    const auto judged = judge(measuring_.judged, output, batch);
    sums_[0] += measuring_.loss.sum(output, batch);
    sums_[1] += measuring_.loss.count(batch.at(measuring_.judged.target.name));
    sums_[2] += judged.targets.size(0);
    for (const auto& metric : measuring_.metrics) metric->add(judged);
  }

  Evaluation add_up(const Ranks& ranks) {
    ranks.sum(sums_);
    const auto all = sums_.cpu();
    Evaluation result;
    result.loss = all[0].item<double>() / all[1].item<double>();
    result.count = static_cast<std::int64_t>(all[2].item<double>());
    for (const auto& metric : measuring_.metrics) {
      metric->add_up(ranks);
      const auto sums = metric->sums().cpu();
      for (auto& value : metric->values(sums)) result.more.push_back(std::move(value));
      for (auto& matrix : metric->matrices(sums)) result.matrices.push_back(std::move(matrix));
    }
    return result;
  }

 private:
  const Measuring& measuring_;
  at::Tensor sums_;
};

}  // namespace

Evaluation evaluate(Strategy& strategy, const Measuring& measuring, Loader& samples,
                    std::int64_t batch_size, const Ranks& ranks) {
  const c10::InferenceMode no_autograd;
  strategy.network().eval();
  for (const auto& metric : measuring.metrics) metric->reset();
  const auto share = ranks.share({0, samples.samples()});
  const auto at_once = samples_at_once(batch_size, ranks, samples.device());
  const auto part_at = [&](std::int64_t begin) {
    return Part{begin, std::min(begin + at_once, share.end)};
  };
  Totals totals(measuring, samples.device());
  for (auto begin = share.begin; begin < share.end; begin += at_once) {
    const auto batch = samples.slice(part_at(begin));
    if (begin + at_once < share.end) samples.expect_slice(part_at(begin + at_once));
    const Autocast autocast(measuring.precision, samples.device().type());
    totals.add(strategy.forward(batch), batch);
    ranks.beat();
  }
  strategy.network().train();
  return totals.add_up(ranks);
}

}  // namespace runner
