#pragma once

#include "experiments/sqlite.hpp"

#include <string>

namespace runner {

/// What a question is about: one run, or a sweep.
struct Subject {
  std::string id;
  bool is_sweep = false;

  /// "run 2q6gsxa52f"
  std::string text() const { return (is_sweep ? "sweep " : "run ") + id; }
};

/// `last` is the latest run; anything else is a sweep where one is called so, whose trials may bear
/// the same name, and else a run. Throws UserError where there is neither.
Subject find_subject(const Database& database, const std::string& reference);

}  // namespace runner
