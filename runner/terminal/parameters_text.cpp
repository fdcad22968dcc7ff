#include "runner/terminal/parameters_text.hpp"

#include "experiments/json.hpp"

#include <fmt/format.h>

namespace runner {

std::string value_text(const Json& value) {
  return value.is_number_float() ? fmt::format("{:.5g}", value.get<double>()) : as_text(value);
}

std::string parameters_text(const Json& parameters) {
  std::string out;
  for (const auto& [path, value] : parameters.items())
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", path, value_text(value));
  return out;
}

}  // namespace runner
