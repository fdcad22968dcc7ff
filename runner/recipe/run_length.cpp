#include "runner/recipe/run_length.hpp"

#include "registry/datasets/datasets.hpp"

#include <algorithm>
#include <cmath>

namespace runner {

std::int64_t used_samples(std::int64_t samples, std::optional<std::int64_t> limit_batches,
                          std::int64_t batch_size) {
  if (!limit_batches || *limit_batches > samples / batch_size) return samples;
  return *limit_batches * batch_size;
}

Length run_length(const Json& config) {
  return run_length(from_json<Train>(config.at("train")),
                    look_at_dataset(config.at("dataset")).training_samples());
}

Length run_length(const Train& options, std::int64_t train_samples, const Progress& origin) {
  Length length{
      .samples_per_epoch = used_samples(train_samples, options.limit_batches, options.batch_size),
      .batch_size = options.batch_size,
      .origin = origin};
  length.last_step = length.steps_for(options.epochs * length.samples_per_epoch);
  if (options.max_steps) length.last_step = std::min(length.last_step, *options.max_steps);
  return length;
}

Length length_from(const Json& config, std::int64_t step, double epoch) {
  const auto train = from_json<Train>(config.at("train"));
  const auto all = look_at_dataset(config.at("dataset")).training_samples();
  const auto each = used_samples(all, train.limit_batches, train.batch_size);
  const auto samples = std::llround(epoch * static_cast<double>(each));
  return run_length(train, all, {samples / each, step, samples});
}

}  // namespace runner
