#pragma once

#include "runner/answers/answers.hpp"

#include <string>

namespace runner {

/// The best trial of the best cell. Throws UserError where no trial has a value.
const Trial& best_trial(const SweepAnswers& answers);

/// A recipe that trains what this run has trained, every value of it written out; `about` stands
/// above it as a comment.
std::string recipe_yaml(const Json& config, const std::string& about);

}  // namespace runner
