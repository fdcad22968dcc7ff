#pragma once

#include "registry/topologies/placement.hpp"
#include "runner/launch/launcher.hpp"
#include "runner/protocol/ending.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/record/describe.hpp"
#include "runner/terminal/report.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace runner {

/// Where a run is told of.
struct Telling {
  std::string command;  ///< as the user typed it
  std::optional<std::filesystem::path> database;
  Verbosity verbosity = Verbosity::automatic;
  /// The id of a run that was submitted before, or that goes on.
  std::optional<std::string> earlier_run;
  /// What the id of a run that is new shall be; else any.
  std::optional<std::string> new_id = {};
  /// The sweep that it is a trial of.
  std::optional<std::string> sweep = {};
  /// What it is made for besides its results: Run::purpose.
  std::optional<std::string> purpose = {};
  /// The step after which it pauses, as an interrupted run.
  std::optional<std::int64_t> pause_at = {};
  /// Of the run that it goes on with or repeats: other data are refused.
  std::optional<EarlierData> earlier_data = {};
};

/// Trains a recipe with this process's share of the ranks. The process that has rank 0 records the
/// run and speaks for all.
Outcome train(const Recipe& recipe, const Placement& placement, const Launch& launch,
              const Telling& telling);

/// Of a program whose run ended so.
int exit_code(const Outcome& outcome);

}  // namespace runner
