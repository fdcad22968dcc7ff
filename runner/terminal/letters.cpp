#include "runner/terminal/letters.hpp"

#include <algorithm>
#include <array>

namespace runner {
namespace {

struct Block {
  char32_t first, last;
};

// Unicode 15: combining marks and joiners, then East Asian Wide and emoji, in coarse blocks.
constexpr std::array invisible = {Block{0x300, 0x36F}, Block{0x200B, 0x200F}, Block{0x20D0, 0x20FF},
                                  Block{0xFE00, 0xFE0F}};
constexpr std::array wide = {Block{0x1100, 0x115F},   Block{0x2E80, 0xA4CF},  Block{0xAC00, 0xD7A3},
                             Block{0xF900, 0xFAFF},   Block{0xFE30, 0xFE6F},  Block{0xFF00, 0xFF60},
                             Block{0x1F300, 0x1FAFF}, Block{0x20000, 0x3FFFD}};

int width_of(char32_t code) {
  const auto holds = [code](const Block& block) {
    return block.first <= code && code <= block.last;
  };
  if (std::ranges::any_of(invisible, holds)) return 0;
  return std::ranges::any_of(wide, holds) ? 2 : 1;
}

}  // namespace

Letter first_letter(std::string_view utf8) {
  const auto lead = static_cast<unsigned char>(utf8.front());
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (bytes == 1 || bytes > utf8.size()) return {utf8.substr(0, 1), width_of(lead)};
  char32_t code = lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i)
    code = code << 6 | (static_cast<unsigned char>(utf8[i]) & 0x3FU);
  return {utf8.substr(0, bytes), width_of(code)};
}

int display_width(std::string_view utf8) {
  int width = 0;
  while (!utf8.empty()) {
    const auto letter = first_letter(utf8);
    width += letter.width;
    utf8.remove_prefix(letter.bytes.size());
  }
  return width;
}

std::string without_end(const std::string& text, int width) {
  if (display_width(text) <= width) return text;
  std::size_t end = 0;
  for (int used = 0; end < text.size();) {
    const auto letter = first_letter(std::string_view(text).substr(end));
    used += letter.width;
    if (used > width - 1) break;
    end += letter.bytes.size();
  }
  return text.substr(0, end) + "…";
}

std::string without_beginning(const std::string& text, int width) {
  if (display_width(text) <= width) return text;
  std::string_view rest = text;
  while (display_width(rest) > width - 1) rest.remove_prefix(first_letter(rest).bytes.size());
  return "…" + std::string(rest);
}

}  // namespace runner
