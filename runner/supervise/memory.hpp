#pragma once

#include "runner/supervise/worker_process.hpp"

#include <cstdint>

namespace runner {

/// How many processes the kernel has killed for want of memory since it started.
std::int64_t count_oom_kills();

/// Whether the kernel seems to have killed the process for want of memory. `kills_before` were
/// counted when it started: without rights to read the kernel's log, that is how to tell its kill
/// from anyone's.
bool was_out_of_memory(const Exit& exit, std::int64_t kills_before);

}  // namespace runner
