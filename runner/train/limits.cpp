#include "runner/train/limits.hpp"

#include "runner/recipe/run_length.hpp"

namespace runner {
namespace {

void keep_first(Split& split, std::optional<std::int64_t> batches, std::int64_t batch_size) {
  split.inputs.shape.front() = split.targets.shape.front() =
      used_samples(split.size(), batches, batch_size);
}

}  // namespace

void limit(Dataset& dataset, const Train& train, const Eval& eval) {
  keep_first(dataset.train, train.limit_batches, train.batch_size);
  if (eval.on == "train") dataset.eval = dataset.train;
  keep_first(dataset.eval, eval.limit_batches, eval.batch_size);
}

}  // namespace runner
