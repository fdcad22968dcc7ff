#pragma once

#include <cstdint>
#include <string>

namespace runner {

/// `2 min ago`; from a week on the day. Both in Unix time, ms.
std::string how_long_ago(std::int64_t time, std::int64_t now);

/// `2026-11-24 10:30:05`, in the local time zone.
std::string date_and_time(std::int64_t time);

/// `2026-11-24T09:30:05.123Z`, for other programs.
std::string iso_time(std::int64_t time);

/// `0.8 s`, `42 s`, `3 min 20 s`, `2 h 05 min`, `3 d 4 h`.
std::string how_long(double seconds);

}  // namespace runner
