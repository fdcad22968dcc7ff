#include "runner/train/limits.hpp"

#include "runner/recipe/run_length.hpp"

namespace runner {
namespace {

void keep_first(Split& split, std::optional<std::int64_t> batches, std::int64_t batch_size) {
  const auto most = used_samples(split.source->size(), batches, batch_size);
  split.source = rows_between(split.source, 0, most);
}

}  // namespace

void limit(Dataset& dataset, const Train& train, const Eval& eval) {
  auto& splits = dataset.splits;
  keep_first(splits.front(), train.limit_batches, train.batch_size);
  if (eval.on == "train") {
    splits.resize(1);
    splits.push_back({"eval", splits.front().source});
  }
  for (std::size_t i = 1; i < splits.size(); ++i)
    keep_first(splits[i], eval.limit_batches, eval.batch_size);
}

}  // namespace runner
