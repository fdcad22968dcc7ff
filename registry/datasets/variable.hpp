#pragma once

#include <cstdlib>
#include <string_view>

namespace runner {

/// The value of an environment variable; empty where it is empty or not set.
inline std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

}  // namespace runner
