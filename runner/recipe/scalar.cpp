#include "runner/recipe/scalar.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace runner {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::string_view without_sign(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool looks_real(std::string_view text) {
  text = without_sign(text);
  const auto exponent = text.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    if (!all_digits(without_sign(text.substr(exponent + 1)))) return false;
    text = text.substr(0, exponent);
  }
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return all_digits(text);
  const auto whole = text.substr(0, dot);
  const auto fraction = text.substr(dot + 1);
  return (all_digits(whole) && (fraction.empty() || all_digits(fraction))) ||
         (whole.empty() && all_digits(fraction));
}

Scalar read_based_integer(std::string_view text, std::string_view digits, int base) {
  std::int64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error == std::errc::result_out_of_range)
    return {nullptr, fmt::format("{} does not fit in 64 bits", text)};
  if (error != std::errc{} || end != digits.data() + digits.size()) return {std::string(text), ""};
  return {value, ""};
}

Scalar read_decimal_integer(std::string_view text) {
  const auto digits = without_sign(text);
  if (digits.size() > 1 && digits.starts_with('0'))
    return {nullptr,
            fmt::format("{} is read as octal by some YAML versions and as decimal by others; "
                        "expected a number without leading zeros, 0o{} for octal, or quotes",
                        text,
                        digits.substr(digits.find_first_not_of('0') == std::string_view::npos
                                          ? digits.size() - 1
                                          : digits.find_first_not_of('0')))};
  return read_based_integer(text, text.starts_with('+') ? digits : text, 10);
}

Scalar read_real(std::string_view text) {
  const auto unsigned_plus = text.starts_with('+') ? text.substr(1) : text;
  double value = 0;
  const auto result =
      std::from_chars(unsigned_plus.data(), unsigned_plus.data() + unsigned_plus.size(), value);
  if (result.ec == std::errc::result_out_of_range)
    return {nullptr, fmt::format("{} is out of a double's range", text)};
  return {value, ""};
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

}  // namespace

Scalar read_scalar(std::string_view text) {
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return {nullptr, ""};
  if (is_one_of(text, {"true", "True", "TRUE"})) return {true, ""};
  if (is_one_of(text, {"false", "False", "FALSE"})) return {false, ""};
  if (text.starts_with("0x")) return read_based_integer(text, text.substr(2), 16);
  if (text.starts_with("0o")) return read_based_integer(text, text.substr(2), 8);
  if (all_digits(without_sign(text))) return read_decimal_integer(text);
  if (looks_real(text)) return read_real(text);
  if (is_one_of(without_sign(text), {".inf", ".Inf", ".INF"}))
    return {
        std::copysign(std::numeric_limits<double>::infinity(), text.starts_with('-') ? -1.0 : 1.0),
        ""};
  if (is_one_of(text, {".nan", ".NaN", ".NAN"}))
    return {std::numeric_limits<double>::quiet_NaN(), ""};
  return {std::string(text), ""};
}

}  // namespace runner
