#pragma once

#include <cstdint>
#include <functional>

namespace runner {

/// Cuts [0, count) into ranges for the threads of this process and works on them at once.
void in_parallel(std::int64_t count,
                 const std::function<void(std::int64_t begin, std::int64_t end)>& work);

}  // namespace runner
