#pragma once

#include "runner/protocol/ending.hpp"
#include "runner/sweep/sweep_options.hpp"

#include <string>

namespace runner {

/// Why a run failed, as far as that tells whether another try or another cell may do better:
/// "config", "nan", "out_of_memory" or "infrastructure".
std::string classify(const Outcome& outcome);

/// What the sweep does about it: "stop", "continue" or "retry".
std::string answer_to(const std::string& failure_class, const OnFailure& policy);

}  // namespace runner
