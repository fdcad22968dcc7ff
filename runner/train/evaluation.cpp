#include "runner/train/evaluation.hpp"

#include <algorithm>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

namespace runner {
namespace {

/// Larger batches take memory on a CPU, and no less time.
constexpr std::int64_t most_at_once_on_cpu = 128;

std::int64_t samples_at_once(std::int64_t batch_size, const Ranks& ranks, const Batches& batches) {
  const auto at_once = (batch_size + ranks.size() - 1) / ranks.size();
  return batches.options().device().is_cpu() ? std::min(at_once, most_at_once_on_cpu) : at_once;
}

}  // namespace

Evaluation evaluate(Strategy& strategy, const Loss& loss, const Precision& precision,
                    const Batches& batches, std::int64_t batch_size, const Ranks& ranks,
                    const std::vector<std::unique_ptr<Metric>>& metrics) {
  const c10::InferenceMode no_autograd;
  strategy.network().eval();
  for (const auto& metric : metrics) metric->reset();
  const auto share = ranks.share({0, batches.samples()});
  const auto at_once = samples_at_once(batch_size, ranks, batches);
  const bool classes = !batches.targets().is_floating_point();
  auto totals = at::zeros({2}, batches.options().dtype(at::kDouble));  // loss, correct answers
  for (auto begin = share.begin; begin < share.end; begin += at_once) {
    const auto batch = batches.slice(begin, std::min(begin + at_once, share.end));
    const Autocast autocast(precision, batch.inputs.device().type());
    const auto output = strategy.forward(batch.inputs);
    totals[0] += loss.sum(output, batch.targets);
    if (classes) totals[1] += output.argmax(1).eq(batch.targets).sum();
    for (const auto& metric : metrics) metric->add(output, batch.targets);
    ranks.beat();
  }
  strategy.network().train();
  ranks.sum(totals);
  const auto found = totals.cpu();
  Evaluation result;
  result.loss = found[0].item<double>() / loss.weight(batches.targets());
  result.count = batches.samples();
  if (classes) result.correct = static_cast<std::int64_t>(found[1].item<double>());
  for (const auto& metric : metrics) {
    metric->add_up(ranks);
    const auto sums = metric->sums().cpu();
    for (auto& value : metric->values(sums)) result.more.push_back(std::move(value));
    for (auto& matrix : metric->matrices(sums)) result.matrices.push_back(std::move(matrix));
  }
  return result;
}

}  // namespace runner
