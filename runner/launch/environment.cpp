#include "runner/launch/environment.hpp"

#include "experiments/error.hpp"

#include <charconv>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
}

std::int64_t Variable::number() const {
  std::int64_t number = -1;
  const auto* end = value.data() + value.size();
  const auto [stopped, error] = std::from_chars(value.data(), end, number);
  if (error == std::errc() && stopped == end && number >= 0) return number;
  throw UserError(fmt::format("{} is '{}': expected a whole number of at least 0", name, value));
}

std::optional<Variable> find_variable(const Environment& environment,
                                      std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const auto value = environment(name); value && !value->empty())
      return Variable{name, *value};
  return std::nullopt;
}

Variable get_variable(const Environment& environment, std::initializer_list<const char*> names,
                      const std::string& because) {
  if (auto found = find_variable(environment, names)) return *found;
  throw UserError(fmt::format("{}, but {} is not set", because, fmt::join(names, " or ")));
}

void require_variables(const Environment& environment, std::initializer_list<const char*> names,
                       const std::string& because) {
  std::vector<std::string> missing;
  for (const char* name : names)
    if (!find_variable(environment, {name})) missing.emplace_back(name);
  if (missing.empty()) return;
  throw UserError(fmt::format("{}, but {} {} not set", because, fmt::join(missing, ", "),
                              missing.size() == 1 ? "is" : "are"));
}

}  // namespace runner
