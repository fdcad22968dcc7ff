#pragma once

#include "runner/supervise/failure.hpp"

#include <optional>
#include <set>
#include <string>

namespace runner {

enum class Ending { done, failed, interrupted };

/// How a run ended, and why.
struct Outcome {
  Ending ending = Ending::failed;
  std::string reason;
  /// A failure that starting again would only repeat: the loss is NaN, or ranks are gone that the
  /// run cannot do without.
  bool would_recur = false;
  std::optional<FailureKind> failure = {};  ///< of the rank that failed first
  std::set<int> lost = {};                  ///< ranks whose process is gone, as they were launched
};

}  // namespace runner
