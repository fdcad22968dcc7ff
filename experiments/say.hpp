#pragma once

#include <cstdio>
#include <utility>

#include <fmt/format.h>

namespace runner {

/// Prints to standard error. Where that has no room (a full disk) or no reader, the message is
/// lost and nothing else: fmt::print would throw, and so end what the message is about.
template <typename... Values>
void say(fmt::format_string<Values...> format, Values&&... values) {
  const auto text = fmt::format(format, std::forward<Values>(values)...);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace runner
