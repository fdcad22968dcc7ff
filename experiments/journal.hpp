#pragma once

#include "experiments/sqlite.hpp"

namespace runner {

/// WAL for a new database, so that reading and writing never wait for each other; on a network file
/// system, where WAL cannot work, SQLite's rollback journal. Kept in the file from then on.
void choose_journal(Database& database);

}  // namespace runner
