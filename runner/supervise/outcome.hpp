#pragma once

#include <string>

namespace runner {

enum class Ending { done, failed, interrupted };

/// How a run ended, and why.
struct Outcome {
  Ending ending = Ending::failed;
  std::string reason;
};

}  // namespace runner
