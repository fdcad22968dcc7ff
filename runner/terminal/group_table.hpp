#pragma once

#include "experiments/grouping.hpp"
#include "runner/terminal/table.hpp"

#include <nlohmann/json.hpp>

namespace runner {

/// A line for each group: its values of `names`, its runs, and of each column that has numbers the
/// mean and, in parentheses, the range.
Table group_table(const std::vector<std::string>& names, const std::vector<std::string>& columns,
                  const std::vector<Group>& groups);

/// An array of {group: {name: value}, runs, columns: {name: {count, mean, min, max}}}.
nlohmann::ordered_json groups_to_json(const std::vector<std::string>& names,
                                      const std::vector<std::string>& columns,
                                      const std::vector<Group>& groups);

}  // namespace runner
