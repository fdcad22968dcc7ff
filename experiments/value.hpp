#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace runner {

/// What one cell of the store holds. A NaN is stored as NULL, as SQLite itself has it, and a bool
/// as the text `true` or `false`, so that plain SQL compares and prints both as a reader expects.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

inline bool is_missing(const Value& value) { return std::holds_alternative<std::monostate>(value); }

/// Milliseconds since 1970-01-01 UTC, as every time in the store.
std::int64_t now_ms();

}  // namespace runner
