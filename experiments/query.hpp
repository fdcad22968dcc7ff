#pragma once

#include "experiments/sqlite.hpp"
#include "experiments/value.hpp"

#include <string>
#include <vector>

namespace runner {

struct Answer {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;
};

/// What a statement of the user's in SQL gives. Throws UserError for one that SQLite does not
/// understand, and for one that would write. Of columns with one name the second is `name:1`.
Answer ask(const Database& database, const std::string& sql);

}  // namespace runner
