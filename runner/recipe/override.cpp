#include "runner/recipe/override.hpp"

#include "experiments/text.hpp"
#include "runner/recipe/path.hpp"
#include "runner/recipe/scalar.hpp"
#include "runner/recipe/yaml.hpp"

#include <string_view>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// The first character of an anchor, an alias, a tag, a block, a directive, or what YAML reserves.
bool begins_with_an_indicator(std::string_view value) {
  return !value.empty() && std::string_view("&*!|>%@`").find(value.front()) != value.npos;
}

bool is_quoted(std::string_view value) { return value.starts_with('"') || value.starts_with('\''); }

/// Where a text that begins with a quote closes it; npos when it does not.
std::size_t closing_quote(std::string_view text) {
  const char quote = text.front();
  for (std::size_t at = 1; at < text.size(); ++at) {
    const bool escapes = quote == '"'
                             ? text[at] == '\\'
                             : text[at] == quote && at + 1 < text.size() && text[at + 1] == quote;
    if (escapes)
      ++at;
    else if (text[at] == quote)
      return at;
  }
  return text.npos;
}

/// As a shell takes it, whatever is in it.
std::string in_shell_quotes(const std::string& argument) {
  std::string out = "'";
  for (const char letter : argument)
    out += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return out + "'";
}

Node plain_scalar(const Place& place, std::string_view text, Problems& problems) {
  auto [value, problem] = read_scalar(text);
  if (!problem.empty()) {
    problems.add(place, problem);
    value = Json(Json::value_t::discarded);
  }
  return {place, Node::Kind::scalar, std::move(value), {}, {}};
}

}  // namespace

std::optional<Node> read_value(const Place& first, const std::string& before,
                               const std::string& text, Problems& problems) {
  if (bad_utf8_at(text)) return parse_yaml(first, text, problems);  // which says so
  const auto value = trimmed(text);
  if (begins_with_an_indicator(value)) {
    problems.add(first, fmt::format("in YAML a value that begins with {} is no plain text; "
                                    "expected it in quotes: {}",
                                    value.front(), in_shell_quotes(before + Json(value).dump())));
    return std::nullopt;
  }
  if (is_quoted(value) && closing_quote(value) < value.size() - 1) {
    problems.add(first, fmt::format("there is more behind the closing quote; expected the whole "
                                    "text in quotes: {}",
                                    in_shell_quotes(before + Json(value).dump())));
    return std::nullopt;
  }
  auto node = parse_yaml(first, text, problems);
  if (!node || node->kind != Node::Kind::scalar || is_quoted(value)) return node;
  return plain_scalar(node->place, value, problems);
}

std::optional<Node> parse_override(const std::string& argument, Problems& problems) {
  const auto source = std::make_shared<Source>(Source{argument, argument, true});
  const auto equals = argument.find('=');
  const auto path = argument.substr(0, equals);
  if (equals == std::string::npos || path_steps(path).empty()) {
    problems.add({source, 1, 1}, "expected path=value, such as optimizer.lr=0.1");
    return std::nullopt;
  }
  if (const auto at = bad_utf8_at(path)) {
    problems.add({source, 1, static_cast<int>(*at) + 1}, "not UTF-8, which recipes are written in");
    return std::nullopt;
  }
  const Place value_place{source, 1, static_cast<int>(equals) + 2};
  auto value = read_value(value_place, path + "=", argument.substr(equals + 1), problems);
  if (!value) return std::nullopt;
  return nested(path, std::move(*value), [&](std::size_t offset) {
    return Place{source, 1, static_cast<int>(offset) + 1};
  });
}

}  // namespace runner
