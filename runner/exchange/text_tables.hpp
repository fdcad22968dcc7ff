#pragma once

#include "runner/exchange/output.hpp"
#include "runner/exchange/point_table.hpp"

namespace runner {

/// RFC 4180 with a header; what is missing is empty, NaN and infinities are NaN, inf and -inf, as
/// pandas reads them. Gives the number of rows.
std::int64_t write_csv(const PointTable& table, Output& output);

/// An object a line; NaN and infinities are the texts NaN, Infinity and -Infinity.
std::int64_t write_json_lines(const PointTable& table, Output& output);

}  // namespace runner
