#pragma once

#include "registry/literal.hpp"

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

/// Empty for members of other types.
template <class T>
inline constexpr std::string_view kind_of;
template <Literal Kind>
inline constexpr std::string_view kind_of<Components<Kind>> = Kind.view();

}  // namespace runner
