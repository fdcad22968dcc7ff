#include "runner/protocol/message.hpp"

#include <fmt/format.h>

namespace runner {

BadMessage bad_message(const Json& message, const BadValue& bad) {
  const auto name = message.is_object() ? message.find(message_tag) : message.end();
  if (name == message.end() || !name->is_string())
    return BadMessage(fmt::format("a message without '{}'", message_tag));
  const auto& text = name->get_ref<const std::string&>();
  if (bad.path == message_tag) return BadMessage(fmt::format("message '{}' is unknown", text));
  return BadMessage(fmt::format("message '{}': '{}' {}", text, bad.path, bad.problem));
}

}  // namespace runner
