#pragma once

#include "registry/description.hpp"
#include "registry/literal.hpp"

#include <array>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace runner {

/// One line of a catalog: the name a recipe uses and the options struct behind it.
template <Literal Name, class Component>
struct Named {
  static constexpr std::string_view name = Name.view();
  using Options = Component;
};

/// Every component of one kind, known at compile time. A component that is listed but not built is
/// a link error; a repeated name or an undescribed member does not compile.
template <class... Entries>
struct Catalog {
  static constexpr bool names_are_unique() {
    const std::array<std::string_view, sizeof...(Entries)> names{Entries::name...};
    for (std::size_t i = 0; i < names.size(); ++i)
      for (std::size_t j = i + 1; j < names.size(); ++j)
        if (names[i] == names[j]) return false;
    return true;
  }
  static_assert(names_are_unique(), "two components have the same name");

  static std::vector<ComponentDescription> describe() {
    std::vector<ComponentDescription> all;
    all.reserve(sizeof...(Entries));
    (all.push_back(describe_component<typename Entries::Options>(Entries::name)), ...);
    return all;
  }

  /// Calls `visitor(options)` with the component that the resolved map {name, field...} names.
  template <class Result, class Visitor>
  static Result visit(const Json& component, Visitor&& visitor) {
    const auto name = component.at("name").get<std::string>();
    Result result{};
    const bool found = (visit_one<Entries>(name, component, result, visitor) || ...);
    if (!found) throw std::logic_error("no component '" + name + "': the recipe was not validated");
    return result;
  }

 private:
  template <class Entry, class Result, class Visitor>
  static bool visit_one(std::string_view name, const Json& component, Result& result,
                        Visitor& visitor) {
    if (name != Entry::name) return false;
    result = visitor(from_json<typename Entry::Options>(component));
    return true;
  }
};

}  // namespace runner
