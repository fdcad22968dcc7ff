#pragma once

#include "experiments/sqlite.hpp"

#include <filesystem>
#include <span>

namespace runner {

/// Step N leads from version N to N + 1; a step that was released never changes.
std::span<const char* const> schema_steps();

/// Brings a database to the version the steps lead to, which is kept in its `user_version`: each
/// step in one transaction, and any number of processes may ask at once. A new, empty file is
/// version 0. A newer version throws StoreError and is left alone.
void migrate(Database& database, std::span<const char* const> steps = schema_steps());

/// Lets this connection read a database of an older version as one of today's, which it stays: by
/// temporary views and tables in place of what has changed since. What was not known then has its
/// default.
void read_as_todays(const Database& database);

/// Whether there is a database of runs, of any version, at that path.
bool is_of_runs(const std::filesystem::path& file);

/// Whether it has the version that the steps lead to.
bool is_todays(const Database& database);

/// Throws StoreError for a database that a newer runner has written.
void refuse_newer(const Database& database);

/// Throws StoreError for an SQLite database that another program made.
void refuse_foreign(const Database& database);

}  // namespace runner
