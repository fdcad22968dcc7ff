#include "runner/ui/message.hpp"

#include "experiments/json.hpp"

#include <charconv>

#include <fmt/format.h>

namespace runner::ui {
namespace {

std::optional<int> hexadecimal(std::string_view digits) {
  int value = 0;
  const auto* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, value, 16);
  return error == std::errc() && rest == end && digits.size() == 2 ? std::optional(value)
                                                                   : std::nullopt;
}

std::string decode(std::string_view text, bool plus_is_blank) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = text[i] == '%' ? hexadecimal(text.substr(i + 1, 2)) : std::nullopt;
    if (code) {
      decoded += static_cast<char>(*code);
      i += 2;
    } else {
      decoded += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::string_view before(std::string_view text, char mark) {
  return text.substr(0, text.find(mark));
}

std::string_view behind(std::string_view text, char mark) {
  const auto place = text.find(mark);
  return place == std::string_view::npos ? std::string_view() : text.substr(place + 1);
}

}  // namespace

std::string Query::text(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? "" : found->second;
}

std::optional<std::string> Query::optional_text(const std::string& name) const {
  const auto value = text(name);
  return value.empty() ? std::nullopt : std::optional(value);
}

std::optional<std::int64_t> Query::optional_integer(const std::string& name) const {
  const auto value = optional_text(name);
  if (!value) return std::nullopt;
  std::int64_t number = 0;
  const auto* end = value->data() + value->size();
  const auto [rest, error] = std::from_chars(value->data(), end, number);
  if (error != std::errc() || rest != end)
    throw UserError(fmt::format("{}={}: expected a whole number", name, *value));
  return number;
}

std::int64_t Query::integer(const std::string& name, std::int64_t otherwise) const {
  return optional_integer(name).value_or(otherwise);
}

std::pair<std::string, Query> decode_target(std::string_view target) {
  std::map<std::string, std::string> values;
  for (auto rest = behind(target, '?'); !rest.empty(); rest = behind(rest, '&')) {
    const auto part = before(rest, '&');
    if (!part.empty()) values[decode(before(part, '='), true)] = decode(behind(part, '='), true);
  }
  return {decode(before(target, '?'), false), Query(std::move(values))};
}

Response json_response(const Json& body, int status) {
  Response response;
  response.status = status;
  response.type = "application/json; charset=utf-8";
  response.body = dumped(body);
  response.headers = {{"Cache-Control", "no-store"}};
  return response;
}

Response error_response(int status, const std::string& text) {
  return json_response({{"error", text}}, status);
}

}  // namespace runner::ui
