#pragma once

#include "runner/launch/environment.hpp"

#include <map>
#include <string>
#include <utility>

namespace runner {

using Variables = std::map<std::string, std::string>;

/// An environment of just these variables.
inline Environment environment_of(Variables variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

/// These variables, some of them with other values; an empty one counts as not set.
inline Variables with(Variables variables, const Variables& others) {
  for (const auto& [name, value] : others) variables[name] = value;
  return variables;
}

}  // namespace runner
