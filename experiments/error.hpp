#pragma once

#include <stdexcept>

namespace runner {

/// The user asked for something that cannot be; `what()` says what to write instead. Exit code 2.
struct UserError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The store cannot be read or written: a full disk, a damaged file, a locked folder. Exit code 1.
struct StoreError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace runner
