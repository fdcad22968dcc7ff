#include "experiments/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

struct Character {
  std::size_t bytes;  ///< 0 for what is no UTF-8
  char32_t code;
};

// The shortest form alone is one, and halves of UTF-16's pairs are none (RFC 3629).
bool is_well_formed(std::size_t bytes, char32_t code) {
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  return code >= least[bytes] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

/// Of a text that is not empty.
Character first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {1, lead};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes > text.size()) return {0, 0};
  char32_t code = lead & (0xFFU >> (bytes + 1));
  for (const char next : text.substr(1, bytes - 1)) {
    if ((static_cast<unsigned char>(next) & 0xC0U) != 0x80) return {0, 0};
    code = code << 6 | (static_cast<unsigned char>(next) & 0x3FU);
  }
  return is_well_formed(bytes, code) ? Character{bytes, code} : Character{0, 0};
}

bool is_control(char32_t code) { return code < ' ' || (code >= 0x7F && code < 0xA0); }

std::string problem(std::string_view text, std::string_view allowed) {
  while (!text.empty()) {
    const auto [bytes, code] = first_character(text);
    if (bytes == 0) return "it is not UTF-8";
    if (is_control(code) && (code >= 0x80 || allowed.find(text.front()) == allowed.npos))
      return "it has control characters";
    text.remove_prefix(bytes);
  }
  return "";
}

std::string rewritten(std::string_view text, bool escapes_controls) {
  std::string out;
  while (!text.empty()) {
    const auto [bytes, code] = first_character(text);
    if (bytes == 0)
      out += "\uFFFD";
    else if (escapes_controls && is_control(code))
      out += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(code));
    else
      out += text.substr(0, bytes);
    text.remove_prefix(std::max<std::size_t>(1, bytes));
  }
  return out;
}

}  // namespace

// Bytes that go on with a character begin none.
std::size_t letters_in(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80; }));
}

std::optional<std::size_t> bad_utf8_at(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto bytes = first_character(text.substr(at)).bytes;
    if (bytes == 0) return at;
    at += bytes;
  }
  return std::nullopt;
}

std::string printable(std::string_view text) { return rewritten(text, true); }

std::string as_utf8(std::string_view text) { return rewritten(text, false); }

std::string problem_of_line(std::string_view text) { return problem(text, ""); }

std::string problem_of_lines(std::string_view text) { return problem(text, "\n\r\t"); }

}  // namespace runner
