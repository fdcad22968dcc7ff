#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace runner {

/// A new run's name for machines: 8 characters of time (1/1024 s since 2024-01-01 UTC; enough until
/// 2058) and 2 random ones, in Crockford's base 32, lower-case. Ids of one process are unique; two
/// processes may meet, so whoever inserts one asks again. In which order runs were recorded is in
/// `runs.sequence`: a clock may be set back.
std::string new_run_id();

/// The one that sorts next, for a run whose own is taken.
std::string next_run_id(std::string id);

/// Whether it has the form of one: nothing else ever names a folder.
bool is_run_id(std::string_view text);

/// The text of a 50-bit number, most significant digit first.
std::string crockford(std::uint64_t number);

}  // namespace runner
