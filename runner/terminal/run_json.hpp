#pragma once

#include "experiments/details.hpp"
#include "registry/components.hpp"

namespace runner {

/// All that is known of a run, for other programs.
Json run_json(const RunDetails& details);

}  // namespace runner
