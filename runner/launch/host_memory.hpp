#pragma once

#include <cstdint>
#include <filesystem>

namespace runner {

/// Of this machine, in bytes; 0 where /proc does not say.
struct HostMemory {
  std::int64_t total = 0;
  std::int64_t available = 0;  ///< to programs, without swapping
};

/// `proc`: where proc(5) is.
HostMemory host_memory(const std::filesystem::path& proc = "/proc");

}  // namespace runner
