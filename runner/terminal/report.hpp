#pragma once

#include "registry/datasets/prepared.hpp"
#include "runner/launch/launcher.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/supervise/supervisor.hpp"

#include <memory>
#include <string>

namespace runner {

/// What a user sees of a run, from its start to its end.
struct Report : Observer {
  virtual void started(const std::string& run_id, const Recipe& recipe, const Prepared& data,
                       const Launch& launch) = 0;
  virtual void ended(const Outcome& outcome, const Heartbeat& heartbeat) = 0;
};

enum class Verbosity { automatic, quiet, json };

std::string not_saved_text(const protocol::NotSaved& event);

/// Automatic: a progress bar where standard output is a terminal, else plain lines.
std::unique_ptr<Report> make_report(Verbosity verbosity);

}  // namespace runner
