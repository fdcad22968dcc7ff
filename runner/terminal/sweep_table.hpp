#pragma once

#include "runner/terminal/sweep_report.hpp"

#include <string>

namespace runner {

/// What runs now, and a summary of all below it: lines that fit into `width` columns, and `height`
/// lines at most.
std::string live_table(const SweepStatus& status, int width, int height);

/// "12 of 100 done, 2 running, 1 failed; best eval/accuracy 0.9912 in trial 7 (optimizer.lr 0.3)".
std::string summary(const SweepStatus& status);

}  // namespace runner
