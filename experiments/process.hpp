#pragma once

#include <cstdint>
#include <string>

namespace runner {

/// Which process runs a run. A pid comes back after a while; with its start time and the boot it
/// belongs to it names one process for ever.
struct Process {
  std::string host;
  std::string boot_id;  // /proc/sys/kernel/random/boot_id
  std::int64_t pid = 0;
  std::int64_t started = 0;  // clock ticks since boot: field 22 of /proc/PID/stat
};

Process current_process();

/// False when that process has ended. `here` is any process of this boot of this host.
bool is_alive(const Process& process, const Process& here);

}  // namespace runner
