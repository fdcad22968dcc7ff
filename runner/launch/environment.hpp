#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>

namespace runner {

/// A variable's value, if it is set: std::getenv, or a map in tests.
using Environment = std::function<std::optional<std::string>(const std::string&)>;

Environment process_environment();

/// A variable that is set to more than an empty text.
struct Variable {
  std::string name;
  std::string value;

  /// Throws UserError with name and value unless it is a whole number of at least 0.
  std::int64_t number() const;
  /// `NAME=VALUE`
  std::string text() const { return name + "=" + value; }
};

/// The first of these that is set.
std::optional<Variable> find_variable(const Environment& environment,
                                      std::initializer_list<const char*> names);

/// The same, but throws UserError where none is: `because`, but these are not set.
Variable get_variable(const Environment& environment, std::initializer_list<const char*> names,
                      const std::string& because);

/// Throws UserError with those of them that are not set.
void require_variables(const Environment& environment, std::initializer_list<const char*> names,
                       const std::string& because);

}  // namespace runner
