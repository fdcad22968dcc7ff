#pragma once

#include "registry/datasets/prepared.hpp"
#include "runner/terminal/report.hpp"

namespace runner {

/// Shows how data are fetched, on standard error: a bar on a terminal, a line a file elsewhere.
/// Warnings are shown whatever the verbosity.
Preparation report_preparation(Verbosity verbosity);

}  // namespace runner
