#pragma once

#include "runner/protocol/wire.hpp"

namespace runner {

/// The key with a message's name.
constexpr std::string_view message_tag = "event";

/// A message is a struct with a name: {"event": NAME, ...}.
template <Alternative M>
Json to_json(const M& message) {
  return write_tagged(message_tag, message);
}
template <Alternative... Ms>
Json to_json(const std::variant<Ms...>& message) {
  return std::visit([](const auto& each) { return to_json(each); }, message);
}

/// "message 'saved': 'step' is missing".
BadMessage bad_message(const Json& message, const BadValue& bad);

/// One of several messages. Throws BadMessage for any other, and for one with a key too many or too
/// few, or with a value of another type.
template <class Variant>
Variant read_message(const Json& message) {
  try {
    return Tagged<Variant>::read(message_tag, message);
  } catch (const BadValue& bad) {
    throw bad_message(message, bad);
  }
}

/// The message of this type alone.
template <Alternative M>
M read_as(const Json& message) {
  return std::get<M>(read_message<std::variant<M>>(message));
}

/// Whether it is called so, whatever it holds.
template <Alternative M>
bool is_message(const Json& message) {
  const auto name = message.find(message_tag);
  return name != message.end() && *name == M::name;
}

}  // namespace runner
