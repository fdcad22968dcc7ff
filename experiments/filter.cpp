#include "experiments/filter.hpp"

#include "experiments/error.hpp"
#include "experiments/lexer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner::filter {
namespace {

template <class Number>
std::optional<Number> whole(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                  : std::nullopt;
}

Value number_or_text(const std::string& text) {
  if (const auto integer = whole<std::int64_t>(text)) return *integer;
  if (const auto real = whole<double>(text)) return *real;
  return text;
}

class Parser {
 public:
  explicit Parser(std::string_view filter) : filter_(filter), tokens_(tokenize(filter)) {}

  Expression filter() {
    Expression expression = disjunction();
    if (now().kind != Token::Kind::end)
      fail(fmt::format("expected and, or, or the end, not '{}'", now().text));
    return expression;
  }

  Name single_name() {
    Name result = name();
    if (now().kind != Token::Kind::end)
      fail(fmt::format("expected one name, not '{}'; {}", now().text, use_quotes));
    return result;
  }

 private:
  Expression disjunction() {
    return joined("or", Expression::Kind::disjunction, &Parser::conjunction);
  }
  Expression conjunction() { return joined("and", Expression::Kind::conjunction, &Parser::term); }

  Expression joined(std::string_view word, Expression::Kind kind, Expression (Parser::*part)()) {
    Expression first = (this->*part)();
    if (!is_word(word)) return first;
    Expression all{kind, {}, {}};
    all.parts.push_back(std::move(first));
    while (take_word(word)) all.parts.push_back((this->*part)());
    return all;
  }

  Expression term() {
    if (++depth_ > max_depth) fail("the filter is nested too deeply");
    Expression result = take_word("not")                  ? negated(term())
                        : now().kind == Token::Kind::open ? parenthesis()
                                                          : comparison();
    --depth_;
    return result;
  }

  static Expression negated(Expression inner) {
    Expression result{Expression::Kind::negation, {}, {}};
    result.parts.push_back(std::move(inner));
    return result;
  }

  Expression parenthesis() {
    const std::size_t opened = next().place;
    Expression inner = disjunction();
    if (now().kind == Token::Kind::end)
      throw UserError(point_at("this parenthesis is never closed", filter_, opened));
    expect(Token::Kind::close, "and, or, or ')'");
    return inner;
  }

  Expression comparison() {
    Name left = name();
    std::string sign = expect(Token::Kind::comparison, "a comparison (== != < <= > >= ~)").text;
    if (sign == "=") sign = "==";
    return {
        Expression::Kind::comparison, {}, Comparison{std::move(left), std::move(sign), operand()}};
  }

  Name name() {
    if (now().kind == Token::Kind::name) return quoted_name();
    if (now().kind == Token::Kind::text)
      fail(fmt::format("expected a name, not the text '{}'; {}", now().text, use_quotes));
    const Token word = expect(Token::Kind::word, "a name (a metric, a config path or a column)");
    if (now().kind != Token::Kind::open) return {word.text, "", word.place};
    return call(word);
  }

  Name quoted_name() {
    const Token quoted = next();
    return {quoted.text, "", quoted.place, 0, true};
  }

  Name call(const Token& function) {
    if (std::ranges::find(functions, function.text) == functions.end()) {
      throw UserError(point_at(fmt::format("no function '{}'; there are {}; {}", function.text,
                                           fmt::join(functions, ", "), use_quotes),
                               filter_, function.place));
    }
    next();
    Name metric = now().kind == Token::Kind::name
                      ? quoted_name()
                      : Name{expect(Token::Kind::word, "a metric").text, "", before().place};
    metric.of = function.text;
    if (function.text == "at") take_step(metric);
    if (now().kind == Token::Kind::word)
      fail(fmt::format("expected ')', not '{}'; {}", now().text, use_quotes));
    expect(Token::Kind::close, "')'");
    return metric;
  }

  /// Takes `, 100`, of which a bare name has the comma. A metric's name may hold commas, too.
  void take_step(Name& metric) {
    std::string rest = metric.quoted ? "" : std::exchange(metric.text, "");
    while (now().kind == Token::Kind::word) rest += next().text;
    const auto comma = rest.rfind(',');
    const auto step =
        comma == rest.npos ? std::nullopt : whole<std::int64_t>(rest.substr(comma + 1));
    if (!step || (comma == 0) != metric.quoted)
      throw UserError(point_at("expected at(METRIC, STEP)", filter_, metric.place));
    metric.step = *step;
    if (!metric.quoted) metric.text = rest.substr(0, comma);
  }

  std::variant<Literal, Name> operand() {
    if (now().kind == Token::Kind::text || now().kind == Token::Kind::name) {
      const Token quoted = next();
      return Literal{quoted.text, quoted.text, quoted.place};
    }
    const Token word = expect(Token::Kind::word, "a number or a text");
    if (now().kind == Token::Kind::open) return call(word);
    return Literal{word.text, number_or_text(word.text), word.place};
  }

  const Token& now() const { return tokens_[position_]; }
  const Token& before() const { return tokens_[position_ - 1]; }
  Token next() { return tokens_[position_++]; }
  bool is_word(std::string_view word) const {
    return now().kind == Token::Kind::word && now().text == word;
  }
  bool take_word(std::string_view word) { return is_word(word) && ++position_; }

  Token expect(Token::Kind kind, std::string_view what) {
    if (now().kind == kind) return next();
    fail(now().kind == Token::Kind::end ? fmt::format("expected {} here, but the filter ends", what)
                                        : fmt::format("expected {}, not '{}'", what, now().text));
  }

  [[noreturn]] void fail(std::string_view message) const {
    throw UserError(point_at(message, filter_, now().place));
  }

  static constexpr int max_depth = 100;
  static constexpr auto use_quotes = "a name with blanks or signs stands in double quotes";
  static constexpr std::array<std::string_view, 6> functions{"last", "first", "min",
                                                             "max",  "best",  "at"};
  std::string_view filter_;
  std::vector<Token> tokens_;
  std::size_t position_ = 0;
  int depth_ = 0;
};

}  // namespace

Expression parse(std::string_view filter) { return Parser(filter).filter(); }

Name parse_name(std::string_view text) { return Parser(text).single_name(); }

}  // namespace runner::filter
