#pragma once

#include "registry/interval.hpp"
#include "registry/literal.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace runner {

/// Any value of the field's type.
struct Anything {};

/// low <= value <= high.
struct Range {
  double low, high;
};

/// low <= value < high: for shares that must not be whole.
struct RangeBelow {
  double low, high;
};

/// value > low: for learning rates, standard deviations and other quantities that zero breaks.
struct Above {
  double low;
};

/// One of some words.
struct OneOf {
  std::span<const std::string_view> words;
};

using Rule = std::variant<Anything, Range, RangeBelow, Above, OneOf>;

constexpr double unlimited = std::numeric_limits<double>::infinity();

constexpr Rule range(double low, double high) { return Range{low, high}; }
constexpr Rule range_below(double low, double high) { return RangeBelow{low, high}; }
constexpr Rule at_least(double low) { return Range{low, unlimited}; }
constexpr Rule above(double low) { return Above{low}; }

namespace detail {
template <Literal... Words>
inline constexpr std::array<std::string_view, sizeof...(Words)> words{Words.view()...};
}

/// `one_of<"min", "max">`: template arguments, so that the words need no place in the rule.
template <Literal... Words>
inline constexpr Rule one_of = OneOf{detail::words<Words...>};

/// One function object of several, for std::visit and its like.
template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

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

// std::apply would do; it takes half as long again to compile, and every component pays.
template <class Visitor, class Entries, std::size_t... Index>
constexpr void visit_entries(Visitor& visitor, const Entries& entries,
                             std::index_sequence<Index...>) {
  (visitor(std::get<Index>(entries)), ...);
}

template <class Options, class Visitor>
struct EntryVisitor {
  Options& options;
  Visitor& visitor;

  template <class Owner, class T>
  constexpr void operator()(const Field<Owner, T>& field) {
    visitor(field, options.*field.member);
  }
  template <class Owner, class T>
  constexpr void operator()(const Nested<Owner, T>& part) {
    for_each_field(options.*part.member, visitor);
  }
};

}  // namespace detail

/// Calls `visitor(entry)` with each `Field` and `Nested` that the options struct lists.
template <class Options, class Visitor>
constexpr void for_each_entry(Visitor&& visitor) {
  constexpr auto count = std::tuple_size_v<decltype(Options::fields())>;
  detail::visit_entries(visitor, Options::fields(), std::make_index_sequence<count>{});
}

template <class Options, class Visitor>
constexpr void for_each_field(Options& options, Visitor&& visitor) {
  for_each_entry<std::remove_const_t<Options>>(
      detail::EntryVisitor<Options, std::remove_reference_t<Visitor>>{options, visitor});
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

/// The number of fields and their names, those of parts included.
template <class Options>
constexpr std::size_t count_fields() {
  std::size_t count = 0;
  for_each_entry<Options>(Overloaded{
      [&]<class Owner, class T>(const Field<Owner, T>&) { ++count; },
      [&]<class Owner, class T>(const Nested<Owner, T>&) { count += count_fields<T>(); }});
  return count;
}

constexpr bool are_unique(const std::string_view* names, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = i + 1; j < count; ++j)
      if (names[i] == names[j]) return false;
  return true;
}

template <class Options>
constexpr void list_names(std::string_view*& end) {
  for_each_entry<Options>(
      Overloaded{[&]<class Owner, class T>(const Field<Owner, T>& field) { *end++ = field.name; },
                 [&]<class Owner, class T>(const Nested<Owner, T>&) { list_names<T>(end); }});
}

template <class Options>
constexpr bool names_are_unique() {
  std::array<std::string_view, count_fields<Options>() + 1> names{};
  auto* end = names.data();
  list_names<Options>(end);
  return are_unique(names.data(), names.size() - 1);
}

}  // namespace detail

/// True when `fields()` of the options struct describes each of its members once. Its parts are
/// asked for themselves.
template <class Options>
constexpr bool describes_every_member() {
  return std::tuple_size_v<decltype(Options::fields())> == detail::count_members<Options>() &&
         detail::names_are_unique<Options>();
}

}  // namespace runner
