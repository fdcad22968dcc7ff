#pragma once

#include <string>

namespace runner {

enum class Ending { done, failed, interrupted };

/// How a run ended, and why.
struct Outcome {
  Ending ending = Ending::failed;
  std::string reason;
  bool would_recur = false;  ///< a failure that starting again would only repeat: the loss is NaN
};

}  // namespace runner
