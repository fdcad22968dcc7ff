#pragma once

#include "registry/state.hpp"
#include "runner/recipe/sections.hpp"

#include <optional>
#include <string>

namespace runner {

/// Ends a run whose metric no longer gets better, or has become too bad. NaN is worse than
/// anything.
class EarlyStop {
 public:
  explicit EarlyStop(const EarlyStopping& options) : options_(options) {}

  /// Why the run ends, after an evaluation that measured this; empty when it goes on.
  std::optional<std::string> measured(const Json& metrics);
  void visit_state(StateVisitor& visitor);

 private:
  EarlyStopping options_;
  bool has_best_ = false;
  double best_ = 0;
  std::int64_t without_better_ = 0;
};

}  // namespace runner
