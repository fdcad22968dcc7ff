#include "registry/counted.hpp"

#include <fmt/format.h>

namespace runner {

std::string counted(std::int64_t count, std::string_view noun) {
  const auto* ending = count == 1 ? "" : noun.ends_with('s') ? "es" : "s";
  return fmt::format("{} {}{}", count, noun, ending);
}

}  // namespace runner
