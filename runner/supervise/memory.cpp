#include "runner/supervise/memory.hpp"

#include <fstream>
#include <string>

#include <signal.h>

namespace runner {

std::int64_t count_oom_kills() {
  std::ifstream counters("/proc/vmstat");
  std::string name;
  for (std::int64_t value = 0; counters >> name >> value;)
    if (name == "oom_kill") return value;
  return 0;
}

bool was_out_of_memory(const Exit& exit, std::int64_t kills_before) {
  return exit.signal == SIGKILL && count_oom_kills() != kills_before;
}

}  // namespace runner
