#include "runner/terminal/moment.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::int64_t minute = 60, hour = 60 * minute, day = 24 * hour;

std::string print(const std::tm& parts, const char* format) {
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

std::string local(std::int64_t time, const char* format) {
  const std::time_t seconds = time / 1000;
  std::tm parts{};
  localtime_r(&seconds, &parts);
  return print(parts, format);
}

std::string count_ago(std::int64_t count, std::string_view unit) {
  return fmt::format("{} {} ago", count, unit);
}

}  // namespace

std::string how_long_ago(std::int64_t time, std::int64_t now) {
  const std::int64_t age = std::max<std::int64_t>(0, (now - time) / 1000);
  if (age < minute) return count_ago(age, "s");
  if (age < hour) return count_ago(age / minute, "min");
  if (age < day) return count_ago(age / hour, "h");
  if (age < 2 * day) return "1 day ago";
  return age < 7 * day ? count_ago(age / day, "days") : local(time, "%Y-%m-%d");
}

std::string date_and_time(std::int64_t time) { return local(time, "%Y-%m-%d %H:%M:%S"); }

std::string iso_time(std::int64_t time) {
  const std::time_t seconds = time / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return print(parts, "%Y-%m-%dT%H:%M:%S") + fmt::format(".{:03}Z", time % 1000);
}

std::string how_long(double seconds) {
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(seconds);
  if (whole < minute) return fmt::format("{} s", whole);
  if (whole < hour) return fmt::format("{} min {:02} s", whole / minute, whole % minute);
  if (whole < day) return fmt::format("{} h {:02} min", whole / hour, whole % hour / minute);
  return fmt::format("{} d {} h", whole / day, whole % day / hour);
}

}  // namespace runner
