#include "runner/terminal/parameters_text.hpp"

#include "experiments/json.hpp"

#include <fmt/format.h>

namespace runner {

std::string value_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return fmt::format("{:.5g}", value.get<double>());
  return dumped(value);
}

std::string parameters_text(const Json& parameters) {
  std::string out;
  for (const auto& [path, value] : parameters.items())
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", path, value_text(value));
  return out;
}

}  // namespace runner
