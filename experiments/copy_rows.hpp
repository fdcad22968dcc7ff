#pragma once

#include "experiments/sqlite.hpp"

#include <map>
#include <string>
#include <string_view>

namespace runner {

/// The SQL that copies rows of an attached database's table, which `rest` calls `t`, into ours:
/// whatever columns a table has, so that merging need not know them. Instead of some columns it
/// writes expressions; a number that only names a row is given anew.
std::string copy_rows(const Database& database, const std::string& table,
                      const std::map<std::string, std::string>& instead, std::string_view rest,
                      std::string_view verb = "INSERT");

/// The same for rows that are there already: `id` is set apart, since it stays.
std::string update_rows(const Database& database, const std::string& table,
                        const std::map<std::string, std::string>& instead, std::string_view rest,
                        std::string_view which);

}  // namespace runner
