#include "runner/commands/not_negative.hpp"

#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {

const CLI::Validator& not_negative() {
  static const CLI::Validator check(
      [](const std::string& text) -> std::string {
        double value = 0;
        if (!CLI::detail::lexical_cast(text, value)) return fmt::format("'{}' is no number", text);
        return value >= 0 ? "" : fmt::format("expected a number of at least 0, not {}", text);
      },
      "NONNEGATIVE");
  return check;
}

}  // namespace runner
