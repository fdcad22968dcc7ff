#pragma once

#include <functional>

namespace runner {

/// Tries to write into a database, and again after 0.2, 1 and 4 seconds where that throws
/// StoreError, which the last try throws.
void write_with_patience(const std::function<void()>& write);

}  // namespace runner
