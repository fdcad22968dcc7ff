#pragma once

#include "registry/datasets/prepared.hpp"
#include "registry/description.hpp"
#include "runner/supervise/signals.hpp"

#include <optional>
#include <string>
#include <vector>

namespace runner {

/// One way to train a recipe that must give the same result as one rank does.
struct Variant {
  std::string name;  ///< "3 ranks, accumulate 2"
  std::string topology;
  int ranks = 1;
  int accumulate = 1;
};

/// Those of a resolved config. Without accumulation where a batch norm is: its statistics are of a
/// micro-batch.
std::vector<Variant> variants(const Json& config);

/// How far a variant is from one rank: the largest differences over all steps, relative to the
/// largest number among one rank's.
struct Distance {
  double loss = 0, gradient = 0, weight = 0;
  double first_gradient = 0;  ///< of the first step alone, from the same weights
};

/// What a few steps of a recipe gave.
struct Steps {
  std::vector<double> values;  ///< for each step the loss and the gradients; then the weights
  int count = 0;
};

Distance distance(const Steps& found, const Steps& wanted);

/// Trains `count` steps of a resolved config around the end of its first epoch, where the batch is
/// smaller. Throws std::runtime_error when they fail; empty when the user stopped them.
std::optional<Steps> make_steps(Json config, const Prepared& data, const Variant& variant,
                                const std::string& precision, int count, Signals& signals);

}  // namespace runner
