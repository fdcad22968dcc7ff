#include "runner/recipe/run_length.hpp"

#include <algorithm>

namespace runner {

Length run_length(const Train& options, std::int64_t train_samples) {
  Length length{.samples_per_epoch = train_samples, .batch_size = options.batch_size};
  length.last_step = options.epochs * length.steps_per_epoch();
  if (options.max_steps) length.last_step = std::min(length.last_step, *options.max_steps);
  return length;
}

}  // namespace runner
