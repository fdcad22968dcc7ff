#include "experiments/filter.hpp"

#include "experiments/error.hpp"
#include "experiments/lexer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

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
      fail(fmt::format("expected one name, not '{}'", now().text));
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
    const Token word = expect(Token::Kind::word, "a name (a metric, a config path or a column)");
    if (now().kind != Token::Kind::open) return {word.text, "", word.place};
    return call(word);
  }

  Name call(const Token& function) {
    if (std::ranges::find(functions, function.text) == functions.end()) {
      throw UserError(point_at(
          fmt::format("no function '{}'; there are {}", function.text, fmt::join(functions, ", ")),
          filter_, function.place));
    }
    next();
    Name result{"", function.text, now().place};
    std::string argument = expect(Token::Kind::word, "a metric").text;
    while (now().kind == Token::Kind::word) argument += next().text;
    if (function.text == "at") result.step = take_step(argument, result.place);
    result.text = argument;
    expect(Token::Kind::close, "')'");
    return result;
  }

  /// Takes `, 100` away. A metric's name may hold commas, too.
  std::int64_t take_step(std::string& argument, std::size_t place) const {
    const auto comma = argument.rfind(',');
    const auto step =
        comma == argument.npos ? std::nullopt : whole<std::int64_t>(argument.substr(comma + 1));
    if (!step) throw UserError(point_at("expected at(METRIC, STEP)", filter_, place));
    argument.resize(comma);
    return *step;
  }

  std::variant<Literal, Name> operand() {
    if (now().kind == Token::Kind::quoted) {
      const Token quoted = next();
      return Literal{quoted.text, quoted.text, quoted.place};
    }
    const Token word = expect(Token::Kind::word, "a number or a text");
    if (now().kind == Token::Kind::open) return call(word);
    return Literal{word.text, number_or_text(word.text), word.place};
  }

  const Token& now() const { return tokens_[position_]; }
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
