#pragma once

#include "runner/record/checkpoints.hpp"
#include "runner/session/task.hpp"
#include "runner/session/training.hpp"
#include "runner/terminal/report.hpp"

namespace runner {

/// Trains and records a run of which this process has rank 0, and goes on after failures as often
/// as its topology's `restarts` allow; gives how it ended.
Outcome lead(Task& task, const Telling& telling, Report& report, const Warn& warn);

}  // namespace runner
