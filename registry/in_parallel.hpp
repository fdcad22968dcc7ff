#pragma once

#include <cstdint>
#include <functional>

namespace runner {

/// Cuts [0, count) into ranges for the threads of this process and works on them at once. Each of
/// those that are counted has `size` elements, which says from how many on a thread is worth it.
void in_parallel(std::int64_t count,
                 const std::function<void(std::int64_t begin, std::int64_t end)>& work,
                 std::int64_t size = 1);

}  // namespace runner
