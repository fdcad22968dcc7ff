#include "experiments/quoting.hpp"

namespace runner {
namespace {

constexpr std::string_view special = " \t\n\r=!<>~()'\",";

bool needs_quotes(std::string_view name) {
  return name.empty() || name.front() == '-' || name.front() == '+' || name == "and" ||
         name == "or" || name == "not" || name.find_first_of(special) != name.npos;
}

std::string doubled(std::string_view text) {
  std::string out;
  for (const char letter : text) out.append(letter == '"' ? 2 : 1, letter);
  return out;
}

}  // namespace

std::string as_written(std::string_view name) {
  return needs_quotes(name) ? '"' + doubled(name) + '"' : std::string(name);
}

bool is_quoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  const auto inner = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < inner.size(); ++i)
    if (inner[i] == '"' && (++i == inner.size() || inner[i] != '"')) return false;
  return true;
}

std::string unquoted(const std::string& text) {
  if (!is_quoted(text)) return text;
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    out += text[i];
    if (text[i] == '"') ++i;
  }
  return out;
}

}  // namespace runner
