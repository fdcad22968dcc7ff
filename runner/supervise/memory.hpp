#pragma once

#include "runner/supervise/worker_process.hpp"

#include <cstdint>
#include <string>

namespace runner {

/// How many processes the kernel has killed for want of memory since it started.
std::int64_t count_oom_kills();

/// ": out of memory (it held 12.3 GB)" for a process that the kernel seems to have killed for want
/// of memory; else empty. `kills_before` were counted when it started: without rights to read the
/// kernel's log, that is how to tell its kill from anyone's.
std::string out_of_memory_hint(const Exit& exit, std::int64_t kills_before);

}  // namespace runner
