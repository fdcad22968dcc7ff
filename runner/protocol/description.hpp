#pragma once

#include "runner/protocol/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace runner::protocol {

/// All messages with their fields, as tables for a README.
std::string page();

/// A number made of the names and types of all fields: what has another cannot be talked to.
std::int64_t version();

/// Why the other end, whose first message this is, cannot be talked to: "runner-worker is of
/// another version than runner (protocol 1f0c3a77 and 92d0b1e4): build or install both together".
/// Empty where it can. Whatever else the message holds is not looked at.
std::string other_version(const Json& first, std::string_view who, std::string_view me);

}  // namespace runner::protocol
