#pragma once

#include "experiments/details.hpp"

#include <string>

namespace runner {

/// A run for a reader, at most `width` columns wide (0: no limit).
std::string run_page(const RunDetails& details, int width);

}  // namespace runner
