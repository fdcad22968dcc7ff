#pragma once

#include "registry/literal.hpp"

#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

namespace runner {

using Json = nlohmann::ordered_json;

/// A member that holds components of a kind, resolved: [{name, field...}, ...]. A recipe writes
/// each as a name, or as a map with `name` and fields.
template <Literal Kind>
struct Components {
  static constexpr std::string_view kind = Kind.view();
  Json list = Json::array();
};

/// A member that holds one component of a kind, resolved: {name, field...}. Its default is what a
/// recipe gets that names none; without one, the recipe must. In a std::optional, null is none.
template <Literal Kind>
struct Component {
  Json value;

  Component() = default;
  /// Fields that are not given have the component's own defaults.
  explicit Component(std::string_view name, const Json& fields = Json::object())
      : value{{"name", name}} {
    value.update(fields);
  }
};

/// Empty for members of other types.
template <class T>
inline constexpr std::string_view kind_of;
template <Literal Kind>
inline constexpr std::string_view kind_of<Components<Kind>> = Kind.view();
template <Literal Kind>
inline constexpr std::string_view kind_of<Component<Kind>> = Kind.view();
template <class T>
inline constexpr std::string_view kind_of<std::optional<T>> = kind_of<T>;

}  // namespace runner
