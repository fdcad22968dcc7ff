#pragma once

#include "registry/description.hpp"

#include <array>
#include <concepts>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace runner {

// How C++ values stand in a message. A struct with `fields()` is a map with exactly these keys; one
// that has `in_a_row`, too, is the list of their values.

/// A message is not what was to come, and what is wrong with it: "'step' of 'saved' is missing".
struct BadMessage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A value of a message that is not what its field holds. `path` grows on the way out.
struct BadValue : std::exception {
  BadValue(std::string where, std::string what_is_wrong)
      : path(std::move(where)), problem(std::move(what_is_wrong)) {}
  const char* what() const noexcept override { return problem.c_str(); }

  std::string path;
  std::string problem;  ///< "is \"x\", not a whole number", "is missing", "is unknown"
};

[[noreturn]] void refuse_value(const Json& value, const std::string& expected);
/// Refuses what is no map, too.
void refuse_unknown_keys(const Json& map, std::span<const std::string_view> known,
                         std::string_view tag);
/// Refuses a key that is missing.
const Json& value_of(const Json& map, std::string_view key);
/// Puts a name in front of the path, or the number of an element.
void prepend(BadValue& bad, std::string_view name);
void prepend(BadValue& bad, std::size_t element);

/// A member of a message. Its help is for what name and type leave open.
template <class Owner, class T>
constexpr Field<Owner, T> member(std::string_view name, T Owner::*pointer,
                                 std::string_view help = "") {
  return {name, pointer, help, Anything{}};
}

using Bytes = std::vector<std::uint8_t>;

/// Values by name, in the order in which they were put in.
template <class T>
using ByName = nlohmann::ordered_map<std::string, T>;

template <class T>
concept InARow = HasFields<T> && T::in_a_row;

/// A struct that is one of several in a variant: its `name` tells which.
template <class T>
concept Alternative = HasFields<T> && requires {
  { T::name } -> std::convertible_to<std::string_view>;
};

/// write() makes JSON of a value, read() a value of JSON, or throws BadValue; type() is for tables
/// of messages: "list of text".
template <class T>
struct Wire;

template <>
struct Wire<bool> {
  static std::string type() { return "true or false"; }
  static Json write(bool value) { return value; }
  static bool read(const Json& json) {
    if (!json.is_boolean()) refuse_value(json, type());
    return json.get<bool>();
  }
};

template <std::integral T>
struct Wire<T> {
  static std::string type() { return "whole number"; }
  static Json write(T value) { return value; }
  static T read(const Json& json) {
    if (!json.is_number_integer()) refuse_value(json, "a whole number");
    const bool fits = json.is_number_unsigned() ? std::in_range<T>(json.get<std::uint64_t>())
                                                : std::in_range<T>(json.get<std::int64_t>());
    if (!fits) refuse_value(json, "a smaller whole number");
    return json.get<T>();
  }
};

template <>
struct Wire<double> {
  static std::string type() { return "number"; }
  static Json write(double value) { return value; }
  static double read(const Json& json) {
    if (!json.is_number()) refuse_value(json, "a number");
    return json.get<double>();
  }
};

template <>
struct Wire<std::string> {
  static std::string type() { return "text"; }
  static Json write(const std::string& value) { return value; }
  static std::string read(const Json& json) {
    if (!json.is_string()) refuse_value(json, "a text");
    return json.get_ref<const std::string&>();
  }
};

template <>
struct Wire<std::filesystem::path> {
  static std::string type() { return "path"; }
  static Json write(const std::filesystem::path& value) { return value.string(); }
  static std::filesystem::path read(const Json& json) {
    if (!json.is_string()) refuse_value(json, "a text");
    return json.get_ref<const std::string&>();
  }
};

template <>
struct Wire<Bytes> {
  static std::string type() { return "bytes"; }
  static Json write(const Bytes& value) { return Json::binary(value); }
  static Bytes read(const Json& json) {
    if (!json.is_binary()) refuse_value(json, type());
    return json.get_binary();
  }
};

/// What has a form of its own: a resolved recipe, versions of libraries.
template <>
struct Wire<Json> {
  static std::string type() { return "map"; }
  static Json write(const Json& value) { return value; }
  static Json read(const Json& json) {
    if (!json.is_object()) refuse_value(json, "a map");
    return json;
  }
};

template <class T>
struct Wire<std::optional<T>> {
  static std::string type() { return Wire<T>::type() + " or null"; }
  static Json write(const std::optional<T>& value) {
    return value ? Wire<T>::write(*value) : Json();
  }
  static std::optional<T> read(const Json& json) {
    return json.is_null() ? std::nullopt : std::optional(Wire<T>::read(json));
  }
};

template <class List, class T>
struct ListWire {
  static std::string type() { return "list of " + Wire<T>::type(); }
  static Json write(const List& list) {
    auto out = Json::array();
    for (const auto& element : list) out.push_back(Wire<T>::write(element));
    return out;
  }
  static List read(const Json& json) {
    if (!json.is_array()) refuse_value(json, "a list");
    List list;
    for (std::size_t i = 0; i < json.size(); ++i) try {
        list.insert(list.end(), Wire<T>::read(json[i]));
      } catch (BadValue& bad) {
        prepend(bad, i);
        throw;
      }
    return list;
  }
};
template <class T>
struct Wire<std::vector<T>> : ListWire<std::vector<T>, T> {};
template <class T>
struct Wire<std::set<T>> : ListWire<std::set<T>, T> {};

template <class Map, class T>
struct MapWire {
  static std::string type() { return "map of names to " + Wire<T>::type(); }
  static Json write(const Map& map) {
    auto out = Json::object();
    for (const auto& [name, value] : map) out.emplace(name, Wire<T>::write(value));
    return out;
  }
  static Map read(const Json& json) {
    if (!json.is_object()) refuse_value(json, "a map");
    Map map;
    for (const auto& [name, value] : json.items()) try {
        map.emplace(name, Wire<T>::read(value));
      } catch (BadValue& bad) {
        prepend(bad, name);
        throw;
      }
    return map;
  }
};
template <class T>
struct Wire<std::map<std::string, T>> : MapWire<std::map<std::string, T>, T> {};
template <class T>
struct Wire<ByName<T>> : MapWire<ByName<T>, T> {};

/// The words of an enum, in the order of its values: words_of(E{}).
template <class E>
requires std::is_enum_v<E>
struct Wire<E> {
  static std::string type() {
    std::string all;
    for (const auto word : words_of(E{})) all += (all.empty() ? "" : " or ") + std::string(word);
    return all;
  }
  static Json write(E value) { return words_of(E{}).at(static_cast<std::size_t>(value)); }
  static E read(const Json& json) {
    const auto words = words_of(E{});
    for (std::size_t i = 0; i < words.size(); ++i)
      if (json == words[i]) return static_cast<E>(i);
    refuse_value(json, type());
  }
};

template <HasFields T>
constexpr auto field_names() {
  std::array<std::string_view, detail::count_fields<T>()> names{};
  auto* end = names.data();
  detail::list_names<T>(end);
  return names;
}

/// The members of a described struct, as keys of a map.
template <HasFields T>
void write_members(const T& value, Json& map) {
  for_each_field(value, [&]<class M>(const auto& field, const M& each) {
    set_value(map, field.name, Wire<M>::write(each));
  });
}

/// The other way; the key `tag`, where there is one, is no member.
template <HasFields T>
T read_members(const Json& map, std::string_view tag = "") {
  static_assert(describes_every_member<T>(), "fields() must describe each member exactly once");
  static constexpr auto names = field_names<T>();
  refuse_unknown_keys(map, names, tag);
  T out{};
  std::string_view place;
  try {
    for_each_field(out, [&]<class M>(const auto& field, M& each) {
      place = field.name;
      each = Wire<M>::read(value_of(map, place));
    });
  } catch (BadValue& bad) {
    prepend(bad, place);
    throw;
  }
  return out;
}

/// "name, bytes, sha256".
std::string listed(std::span<const std::string_view> names);

template <HasFields T>
struct Wire<T> {
  static std::string type() { return "{" + listed(field_names<T>()) + "}"; }
  static Json write(const T& value) {
    auto out = Json::object();
    write_members(value, out);
    return out;
  }
  static T read(const Json& json) { return read_members<T>(json); }
};

template <InARow T>
struct Wire<T> {
  static std::string type() { return "[" + listed(field_names<T>()) + "]"; }
  static Json write(const T& value) {
    auto out = Json::array();
    for_each_field(
        value, [&]<class M>(const auto&, const M& each) { out.push_back(Wire<M>::write(each)); });
    return out;
  }
  static T read(const Json& json) {
    static_assert(describes_every_member<T>(), "fields() must describe each member exactly once");
    if (!json.is_array() || json.size() != detail::count_fields<T>()) refuse_value(json, type());
    T out{};
    std::size_t element = 0;
    try {
      for_each_field(out, [&]<class M>(const auto&, M& each) {
        each = Wire<M>::read(json[element]);
        ++element;
      });
    } catch (BadValue& bad) {
      prepend(bad, field_names<T>()[element]);
      throw;
    }
    return out;
  }
};

/// Writes one of several structs, with its name under the key `tag`.
template <Alternative T>
Json write_tagged(std::string_view tag, const T& value) {
  auto out = Json::object();
  out.emplace(std::string(tag), T::name);
  write_members(value, out);
  return out;
}

/// Reads one of several structs; `what` they are called in an error: "message".
template <class Variant>
struct Tagged;
template <Alternative... Ts>
struct Tagged<std::variant<Ts...>> {
  using Variant = std::variant<Ts...>;

  static Variant read(std::string_view tag, const Json& json) {
    if (!json.is_object()) refuse_value(json, "a map");
    const auto found = json.find(tag);
    if (found == json.end() || !found->is_string()) throw BadValue(std::string(tag), "is missing");
    const std::string_view name = found->get_ref<const std::string&>();
    Variant out;
    const auto is = [&]<class T>(std::type_identity<T>) {
      if (name != T::name) return false;
      out = read_members<T>(json, tag);
      return true;
    };
    if (!(is(std::type_identity<Ts>{}) || ...)) {
      throw BadValue(std::string(tag), "is none of those that are known");
    }
    return out;
  }
};

template <Alternative... Ts>
struct Wire<std::variant<Ts...>> {
  static constexpr std::string_view tag = "kind";
  static std::string type() {
    std::string all;
    ((all += (all.empty() ? "" : " or ") + std::string(Ts::name) + " " + Wire<Ts>::type()), ...);
    return all;
  }
  static Json write(const std::variant<Ts...>& value) {
    return std::visit([](const auto& each) { return write_tagged(tag, each); }, value);
  }
  static std::variant<Ts...> read(const Json& json) {
    return Tagged<std::variant<Ts...>>::read(tag, json);
  }
};

}  // namespace runner
