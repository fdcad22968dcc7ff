#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace runner {

/// What the command line asks for, ready to be done; gives the exit code: 0 done, 1 failed, 2 the
/// user's mistake, 3 stopped early and resumable. Throws UserError for 2 and StoreError for 1.
using Command = std::function<int()>;

}  // namespace runner
