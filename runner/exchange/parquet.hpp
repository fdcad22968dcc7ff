#pragma once

#include "runner/exchange/point_table.hpp"

#include <cstdint>
#include <filesystem>

namespace runner {

/// Writes the table as a Parquet file, which appears whole or not at all. Gives the number of rows.
/// Arrow's library, which it takes, is loaded when this is called; throws StoreError where there is
/// none.
std::int64_t write_parquet(const PointTable& table, const std::filesystem::path& to);

}  // namespace runner
