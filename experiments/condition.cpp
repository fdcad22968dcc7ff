#include "experiments/condition.hpp"

#include "experiments/error.hpp"
#include "experiments/lexer.hpp"
#include "experiments/nearest.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <ctime>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner::filter {
namespace {

/// -30m, -12h, -7d, -2w
std::optional<std::int64_t> milliseconds_ago(std::string_view text) {
  static const std::map<char, std::int64_t> units{
      {'s', 1'000}, {'m', 60'000}, {'h', 3'600'000}, {'d', 86'400'000}, {'w', 604'800'000}};
  std::int64_t count = 0, milliseconds = 0;
  if (text.size() < 3 || text.front() != '-' || text[1] == '-') return std::nullopt;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + 1, end, count);
  const auto unit = rest + 1 == end ? units.find(*rest) : units.end();
  if (error != std::errc() || unit == units.end()) return std::nullopt;
  if (__builtin_mul_overflow(count, unit->second, &milliseconds)) return std::nullopt;
  return milliseconds;
}

/// Of 2026-11-24, or with a time of day 2026-11-24T10:30 or 10:30:15, in the reader's time zone
/// unless it ends in Z. Empty for what is no day or time.
std::optional<std::int64_t> unix_time(const std::string& text) {
  std::tm parts{};
  const auto* rest = strptime(text.c_str(), "%Y-%m-%d", &parts);
  if (!rest || rest - text.c_str() != 10) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(parts.tm_year + 1900),
                                        std::chrono::month(parts.tm_mon + 1U),
                                        std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
  if (!day.ok()) return std::nullopt;
  if (*rest == 'T' || *rest == ' ') {
    rest = strptime(rest + 1, "%H:%M", &parts);
    if (rest && *rest == ':') rest = strptime(rest + 1, "%S", &parts);
  }
  if (!rest) return std::nullopt;
  parts.tm_isdst = -1;
  const std::string_view zone = rest;
  return zone.empty()  ? std::optional(mktime(&parts))
         : zone == "Z" ? std::optional(timegm(&parts))
                       : std::nullopt;
}

/// Whether a time may begin so: 2026-1, 2026-11-2, 2026-11-28T1.
bool may_begin_a_time(const std::string& text) {
  return std::ranges::any_of(
      std::array{"2026-01-01T00:00:00", "2026-01-00T00:00:00"}, [&](std::string_view rest) {
        return text.size() >= 4 &&
               (text.size() >= rest.size()
                    ? unix_time(text).has_value()
                    : unix_time(text + std::string(rest.substr(text.size()))).has_value());
      });
}

class Compiler {
 public:
  Compiler(std::string_view filter, Selection& selection)
      : filter_(filter), selection_(selection) {}

  std::string condition(const Expression& expression) {
    switch (expression.kind) {
      case Expression::Kind::comparison:
        return comparison(*expression.comparison);
      case Expression::Kind::negation:
        return fmt::format("({} IS NOT TRUE)", condition(expression.parts.front()));
      case Expression::Kind::conjunction:
        return joined(expression.parts, " AND ");
      case Expression::Kind::disjunction:
        return joined(expression.parts, " OR ");
    }
    return {};
  }

 private:
  std::string joined(const std::vector<Expression>& parts, std::string_view word) {
    std::vector<std::string> compiled;
    compiled.reserve(parts.size());
    for (const auto& part : parts) compiled.push_back(condition(part));
    return fmt::format("({})", fmt::join(compiled, word));
  }

  std::string comparison(const Comparison& comparison) {
    const Field left = field(comparison.left);
    if (const auto* name = std::get_if<Name>(&comparison.right)) {
      return fmt::format("({} {} {})", left.sql, operation(comparison.sign), field(*name).sql);
    }
    const auto& literal = std::get<Literal>(comparison.right);
    if (left.type == Field::Type::tags) return has_tag(comparison, literal);
    if (comparison.sign == "~" && left.type == Field::Type::time) return time_like(left, literal);
    if (comparison.sign == "~")
      return fmt::format("({} GLOB {})", left.sql, selection_.bind(pattern(literal.text)));
    const std::string test =
        fmt::format("{} {} {}", left.sql, operation(comparison.sign), operand(left, literal));
    return fmt::format("({}{})", test, same_kind(left, comparison.sign, literal));
  }

  /// As the time is written in the reader's time zone.
  std::string time_like(const Field& left, const Literal& literal) {
    const auto& text = literal.text;
    if (text.find_first_of("*?[") == text.npos && !may_begin_a_time(text)) refuse_time(literal);
    return fmt::format(
        "(strftime('%Y-%m-%dT%H:%M:%S', {} / 1000, 'unixepoch', 'localtime') GLOB {})", left.sql,
        selection_.bind(pattern(text)));
  }

  /// A run may have several.
  std::string has_tag(const Comparison& comparison, const Literal& literal) {
    const bool matches = comparison.sign == "~";
    if (!matches && comparison.sign != "==" && comparison.sign != "!=")
      throw UserError(point_at("tags have no order: use ==, != or ~", filter_, literal.place));
    return fmt::format("({}EXISTS (SELECT 1 FROM tags WHERE run_id = r.id AND tag {} {}))",
                       comparison.sign == "!=" ? "NOT " : "", matches ? "GLOB" : "=",
                       selection_.bind(matches ? pattern(literal.text) : literal.text));
  }

  Field field(const Name& name) {
    if (auto found = selection_.find(name)) return *found;
    throw UserError(point_at(selection_.unknown(name), filter_, name.place));
  }

  static std::string_view operation(std::string_view sign) {
    if (sign == "==") return "=";
    if (sign == "!=") return "<>";
    return sign == "~" ? "GLOB" : sign;
  }

  static std::string pattern(const std::string& text) {
    return text.find_first_of("*?[") == text.npos ? "*" + text + "*" : text;
  }

  // SQLite sorts every text behind every number; a reader expects them not to be compared at all.
  static std::string same_kind(const Field& left, std::string_view sign, const Literal& literal) {
    if (left.type != Field::Type::any) return "";
    const bool is_text = std::holds_alternative<std::string>(literal.value);
    if (!is_text && sign.front() == '>') return fmt::format(" AND {} < ''", left.sql);
    if (is_text && sign.front() == '<') return fmt::format(" AND {} >= ''", left.sql);
    return "";
  }

  std::string operand(const Field& left, const Literal& literal) {
    switch (left.type) {
      case Field::Type::text:
      case Field::Type::tags:
        return selection_.bind(literal.text);
      case Field::Type::status:
        return selection_.bind(status(literal));
      case Field::Type::number:
        return selection_.bind(number(literal));
      case Field::Type::time:
        return selection_.bind(time(literal));
      case Field::Type::any:
        return selection_.bind(literal.value);
    }
    return {};
  }

  Value status(const Literal& literal) const {
    static const std::vector<std::string> all = {"queued", "running",     "done",
                                                 "failed", "interrupted", "crashed"};
    if (std::ranges::find(all, literal.text) != all.end()) return literal.text;
    const auto near = nearest(literal.text, all);
    const std::string hint = near ? fmt::format("did you mean '{}'?", *near)
                                  : fmt::format("there are {}", fmt::join(all, ", "));
    throw UserError(
        point_at(fmt::format("no status '{}'; {}", literal.text, hint), filter_, literal.place));
  }

  Value number(const Literal& literal) const {
    if (!std::holds_alternative<std::string>(literal.value)) return literal.value;
    throw UserError(
        point_at(fmt::format("expected a number, not '{}'", literal.text), filter_, literal.place));
  }

  Value time(const Literal& literal) const {
    if (const auto ago = milliseconds_ago(literal.text)) return now_ms() - *ago;
    if (const auto time = unix_time(literal.text)) return *time * 1000;
    refuse_time(literal);
  }

  [[noreturn]] void refuse_time(const Literal& literal) const {
    throw UserError(
        point_at(fmt::format("expected a time like 2026-11-24, 2026-11-24T10:30 or -7d, not '{}'",
                             literal.text),
                 filter_, literal.place));
  }

  std::string_view filter_;
  Selection& selection_;
};

}  // namespace

std::string compile(std::string_view filter, Selection& selection) {
  return Compiler(filter, selection).condition(parse(filter));
}

}  // namespace runner::filter
