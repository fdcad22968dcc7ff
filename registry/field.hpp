#pragma once

#include "registry/interval.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

namespace runner {

/// Any value of the field's type.
struct Anything {};

/// low <= value <= high.
struct Range {
  double low, high;
};

/// value > low: for learning rates, standard deviations and other quantities that zero breaks.
struct Above {
  double low;
};

/// One of at most six words.
struct OneOf {
  std::array<std::string_view, 6> words{};
};

using Rule = std::variant<Anything, Range, Above, OneOf>;

constexpr double unlimited = std::numeric_limits<double>::infinity();

constexpr Rule range(double low, double high) { return Range{low, high}; }
constexpr Rule at_least(double low) { return Range{low, unlimited}; }
constexpr Rule above(double low) { return Above{low}; }

template <class... Words>
constexpr Rule one_of(Words... words) {
  return OneOf{{std::string_view(words)...}};
}

/// What a recipe can say about one member of an options struct.
template <class Owner, class T>
struct Field {
  std::string_view name;
  T Owner::*member;
  std::string_view help;
  Rule rule;
};

template <class Owner, class T>
constexpr Field<Owner, T> field(std::string_view name, T Owner::*member, std::string_view help,
                                Rule rule = Anything{}) {
  return {name, member, help, rule};
}

namespace detail {

struct ConvertsToAnyMember {
  template <class T>
  operator T() const {
    return T{};
  }
};

template <class T, class... Members>
constexpr std::size_t count_members() {
  if constexpr (requires { T{Members{}..., ConvertsToAnyMember{}}; })
    return count_members<T, Members..., ConvertsToAnyMember>();
  else
    return sizeof...(Members);
}

template <class Fields>
constexpr bool names_are_unique(const Fields& fields) {
  return std::apply(
      [](const auto&... each) {
        const std::array<std::string_view, sizeof...(each)> names{each.name...};
        for (std::size_t i = 0; i < names.size(); ++i)
          for (std::size_t j = i + 1; j < names.size(); ++j)
            if (names[i] == names[j]) return false;
        return true;
      },
      fields);
}

}  // namespace detail

/// True when `fields()` of the options struct describes each of its members once.
template <class Options>
constexpr bool describes_every_member() {
  return std::tuple_size_v<decltype(Options::fields())> == detail::count_members<Options>() &&
         detail::names_are_unique(Options::fields());
}

}  // namespace runner
