#pragma once

#include "experiments/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace runner::filter {

/// Something a run has: a column (`status`), a config path (`optimizer.lr`), or a metric
/// (`eval/accuracy`, which is its last value, `max(eval/accuracy)`, or `at(eval/accuracy, 100)`).
/// In double quotes it is a metric or a config path, whatever letters it has, and no column.
struct Name {
  std::string text;
  std::string of;         // last, first, min, max, best or at, when it was written as a call
  std::size_t place = 0;  // in the filter, in bytes
  std::int64_t step = 0;  // of `at`: the last point until there
  bool quoted = false;
};

struct Literal {
  std::string text;
  Value value;  // a number where the text is one and was not quoted
  std::size_t place = 0;
};

struct Comparison {
  Name left;
  std::string sign;  // == != < <= > >= ~
  std::variant<Literal, Name> right;
};

/// A filter's tree. Only a comparison has no parts.
struct Expression {
  enum class Kind { comparison, negation, conjunction, disjunction };
  Kind kind;
  std::vector<Expression> parts;
  std::optional<Comparison> comparison;
};

/// Reads `eval/accuracy > 0.99 and not (model == mlp or optimizer.lr >= 0.1)`: a name, a sign and a
/// literal (or a call: `eval/loss > last(train/loss)`), joined by and, or, not and parentheses. A
/// bare word on the right is a text, and so is what stands there in quotes. Throws UserError with a
/// caret under the place.
Expression parse(std::string_view filter);

/// Reads a name that stands alone, as in a list of columns: `optimizer.lr`, `max(eval/accuracy)`,
/// `"val loss"`.
Name parse_name(std::string_view text);

}  // namespace runner::filter
