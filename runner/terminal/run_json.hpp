#pragma once

#include "experiments/annotations.hpp"
#include "experiments/details.hpp"
#include "registry/components.hpp"

namespace runner {

/// All that is known of a run, for other programs.
Json run_json(const RunDetails& details);

/// {tags, note, archived}
Json annotations_json(const Annotations& said);

}  // namespace runner
