#include "runner/supervise/memory.hpp"

#include <fstream>

#include <fmt/format.h>
#include <signal.h>

namespace runner {

std::int64_t count_oom_kills() {
  std::ifstream counters("/proc/vmstat");
  std::string name;
  for (std::int64_t value = 0; counters >> name >> value;)
    if (name == "oom_kill") return value;
  return 0;
}

std::string out_of_memory_hint(const Exit& exit, std::int64_t kills_before) {
  if (exit.signal != SIGKILL || count_oom_kills() == kills_before) return "";
  return fmt::format(": out of memory (it held {:.3g} GB)", exit.peak_bytes / 1e9);
}

}  // namespace runner
