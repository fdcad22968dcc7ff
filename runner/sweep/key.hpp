#pragma once

#include "registry/datasets/prepared.hpp"
#include "runner/recipe/recipe.hpp"

#include <string>

namespace runner {

/// A hash of the program that trains: another build is another experiment.
const std::string& build_id();

/// A hash of what is in the files of a dataset.
std::string digest_of(const Prepared& data);

/// Trials with the same key would do the same: a hash of the resolved recipe but for its name, the
/// build, and the data (`data_digest`).
std::string trial_key(const Recipe& recipe, const std::string& data_digest);

}  // namespace runner
