#include "runner/terminal/cell.hpp"

#include <cmath>

#include <fmt/format.h>

namespace runner {

std::string cell(const Value& value) {
  struct Shown {
    std::string operator()(std::monostate) const { return ""; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(double value) const {
      return std::isnan(value) ? "NaN" : fmt::format("{:.5g}", value);
    }
    std::string operator()(const std::string& value) const { return value; }
  };
  return std::visit(Shown{}, value);
}

bool is_number(const Value& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

}  // namespace runner
