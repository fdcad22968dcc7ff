#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace runner {

/// How many characters a text in UTF-8 has.
std::size_t letters_in(std::string_view utf8);

/// The first byte of a text that is no UTF-8; empty where all of it is.
std::optional<std::size_t> bad_utf8_at(std::string_view text);

/// What terminals show as it is and XML can hold: control characters as `\x1b`, and bytes that are
/// no UTF-8 as U+FFFD.
std::string printable(std::string_view text);

/// The text with U+FFFD in place of each byte that is no UTF-8.
std::string as_utf8(std::string_view text);

/// What is wrong with a text that is to be shown in one line: it is not UTF-8, or has control
/// characters; empty for a good one.
std::string problem_of_line(std::string_view text);

/// The same, where lines and tabs are allowed.
std::string problem_of_lines(std::string_view text);

}  // namespace runner
