#pragma once

#include <atomic>
#include <cstdint>

namespace runner {

/// How far a rank has come, told while it works: by it a supervisor knows for whom the others wait.
struct Presence {
  std::atomic<std::int64_t> meetings{0};  ///< collectives that it has come to
  std::atomic<std::int64_t> beats{0};     ///< pieces of work done between them
};

}  // namespace runner
