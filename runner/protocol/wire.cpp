#include "runner/protocol/wire.hpp"

#include <algorithm>

namespace runner {
namespace {

/// Somebody may have sent anything, of any length.
std::string shown(const Json& value) {
  if (value.is_binary()) return "bytes";
  if (value.is_structured()) return value.is_array() ? "a list" : "a map";
  auto text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  constexpr std::size_t most = 60;
  return text.size() > most ? "a long text" : text;
}

}  // namespace

void refuse_value(const Json& value, const std::string& expected) {
  throw BadValue("", "is " + shown(value) + ", not " + expected);
}

void refuse_unknown_keys(const Json& map, std::span<const std::string_view> known,
                         std::string_view tag) {
  if (!map.is_object()) refuse_value(map, "a map");
  for (const auto& [key, value] : map.items())
    if ((tag.empty() || key != tag) && std::ranges::find(known, key) == known.end())
      throw BadValue(key, "is unknown");
}

const Json& value_of(const Json& map, std::string_view key) {
  const auto* found = find_value(map, key);
  if (!found) throw BadValue("", "is missing");
  return *found;
}

std::string listed(std::span<const std::string_view> names) {
  std::string text;
  for (const auto name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

void prepend(BadValue& bad, std::string_view name) {
  const bool ends = bad.path.empty() || bad.path.starts_with('[');
  bad.path = std::string(name) + (ends ? "" : ".") + bad.path;
}

void prepend(BadValue& bad, std::size_t element) {
  const bool ends = bad.path.empty() || bad.path.starts_with('[');
  bad.path = "[" + std::to_string(element) + "]" + (ends ? "" : ".") + bad.path;
}

}  // namespace runner
