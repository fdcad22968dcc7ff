#pragma once

#include "experiments/store.hpp"
#include "runner/recipe/sections.hpp"

#include <functional>
#include <optional>
#include <string>

namespace runner {

/// Says something that the user should know.
using Warn = std::function<void(const std::string& text)>;

/// Why a checkpoint's folder cannot be used: a file is missing or is not what was written. Empty
/// when it is whole. Reads every file.
std::string damage(const Checkpoint& checkpoint);

/// The newest checkpoint of a run that is whole; warns of newer ones that are not.
std::optional<Checkpoint> newest_whole(Store& store, const std::string& run_id, const Warn& warn);

/// What the evaluation at a checkpoint's step has measured; empty when it has not.
std::optional<double> measured(const Checkpoint& checkpoint, const std::string& metric);

/// The checkpoint that the options call the best of these, which are not empty; empty when none was
/// measured, or only as NaN or infinite.
std::optional<Checkpoint> best_of(const std::vector<Checkpoint>& all, const Save& options);

/// Forgets and deletes the checkpoints that a run no longer needs.
void delete_needless(Store& store, const std::string& run_id, const Save& options);

/// Deletes folders that no checkpoint of the run is in: what a killed run left half written.
void delete_leftovers(Store& store, const std::string& run_id, const std::filesystem::path& folder);

}  // namespace runner
