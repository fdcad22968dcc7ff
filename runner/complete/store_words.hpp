#pragma once

#include "runner/complete/candidate.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace runner::complete {

// What the database has. Where there is none, or it cannot be read, it has nothing.

using MaybeFile = std::optional<std::filesystem::path>;

/// `last`, names and ids, the newest first.
Candidates runs(const MaybeFile& database);
Candidates sweeps(const MaybeFile& database);
Candidates tags(const MaybeFile& database);
Candidates metrics(const MaybeFile& database);
/// Of lists, sorts and filters: columns, config paths and metrics.
Candidates names(const MaybeFile& database);
/// The resolved config of a run that a user means, as JSON; empty where there is none.
std::string config_of(const MaybeFile& database, const std::string& run);

}  // namespace runner::complete
