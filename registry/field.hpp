#pragma once

#include "registry/interval.hpp"

#include <algorithm>
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

/// Members that several options structs share, in a struct of their own: a recipe writes them
/// beside the others.
template <class Owner, class T>
struct Nested {
  T Owner::*member;
};

template <class Owner, class T>
constexpr Nested<Owner, T> part(T Owner::*member) {
  return {member};
}

/// Calls `visitor(field, value)` for every field of the options, those of its parts included.
template <class Options, class Visitor>
constexpr void for_each_field(Options& options, Visitor&& visitor);

namespace detail {

template <class Options, class Visitor, class Owner, class T>
constexpr void visit_entry(Options& options, Visitor& visitor, const Field<Owner, T>& field) {
  visitor(field, options.*field.member);
}
template <class Options, class Visitor, class Owner, class T>
constexpr void visit_entry(Options& options, Visitor& visitor, const Nested<Owner, T>& part) {
  for_each_field(options.*part.member, visitor);
}

}  // namespace detail

template <class Options, class Visitor>
constexpr void for_each_field(Options& options, Visitor&& visitor) {
  std::apply([&](const auto&... entries) { (detail::visit_entry(options, visitor, entries), ...); },
             std::remove_const_t<Options>::fields());
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

/// The names of all fields, those of parts included.
template <class Owner, class T>
constexpr std::array<std::string_view, 1> names(const Field<Owner, T>& field) {
  return {field.name};
}
template <class Owner, class T>
constexpr auto names(const Nested<Owner, T>&);

template <std::size_t A, std::size_t B>
constexpr auto joined(const std::array<std::string_view, A>& a,
                      const std::array<std::string_view, B>& b) {
  std::array<std::string_view, A + B> out{};
  std::copy(a.begin(), a.end(), out.begin());
  std::copy(b.begin(), b.end(), out.begin() + A);
  return out;
}

template <class Options>
constexpr auto names_of() {
  return std::apply(
      [](const auto&... entries) {
        auto join = [](auto self, const auto& first, const auto&... rest) {
          if constexpr (sizeof...(rest) == 0)
            return names(first);
          else
            return joined(names(first), self(self, rest...));
        };
        if constexpr (sizeof...(entries) == 0)
          return std::array<std::string_view, 0>{};
        else
          return join(join, entries...);
      },
      Options::fields());
}

template <class Owner, class T>
constexpr auto names(const Nested<Owner, T>&) {
  return names_of<T>();
}

template <std::size_t N>
constexpr bool are_unique(const std::array<std::string_view, N>& names) {
  for (std::size_t i = 0; i < N; ++i)
    for (std::size_t j = i + 1; j < N; ++j)
      if (names[i] == names[j]) return false;
  return true;
}

}  // namespace detail

/// True when `fields()` of the options struct describes each of its members once. Its parts are
/// asked for themselves.
template <class Options>
constexpr bool describes_every_member() {
  return std::tuple_size_v<decltype(Options::fields())> == detail::count_members<Options>() &&
         detail::are_unique(detail::names_of<Options>());
}

}  // namespace runner
