#include "experiments/filter.hpp"
#include "experiments/listing.hpp"
#include "experiments/recorder.hpp"
#include "experiments/store.hpp"
#include "tests/program/program.hpp"
#include "tests/trust/chance.hpp"

#include <cmath>
#include <functional>
#include <limits>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace runner;

namespace {

using Random = std::mt19937_64;

/// A run as the evaluator sees it.
struct Row {
  std::string name;
  std::map<std::string, Value> settings;  // those that it has
  std::map<std::string, double> metrics;  // the last value, perhaps NaN
  std::vector<std::string> tags;
  std::int64_t seed = 0;
};

/// A filter, and what it means for a run.
struct Meaning {
  std::string text;
  std::function<bool(const Row&)> holds;
  int looseness = 0;  // 0 binds before `and`, 1 is an `and`, 2 an `or`
};

const std::vector<std::string> texts{"a", "mlp", "true", "zz", "", "10", "x y"};
const std::vector<std::string> signs{"==", "!=", "<", "<=", ">", ">="};

template <typename T>
bool compare(const T& left, const std::string& sign, const T& right) {
  return sign == "=="   ? left == right
         : sign == "!=" ? left != right
         : sign == "<"  ? left < right
         : sign == "<=" ? left <= right
         : sign == ">"  ? left > right
                        : left >= right;
}

std::optional<double> number_in(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

std::string text_in(const Value& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  return std::get<std::string>(value);
}

/// What differs in kind is different, and has no order.
bool compare_any(const Value& value, const std::string& sign, const Value& literal) {
  const auto left = number_in(value), right = number_in(literal);
  if (left && right) return compare(*left, sign, *right);
  if (left || right) return sign == "!=";
  return compare(text_in(value), sign, text_in(literal));
}

double random_number(Random& random) { return static_cast<double>(below(random, 9)) / 2 - 1; }

Value random_value(Random& random) {
  switch (below(random, 4)) {
    case 0:
      return static_cast<std::int64_t>(below(random, 5)) - 1;
    case 1:
      return random_number(random);
    case 2:
      return below(random, 2) == 0;
    default:
      return texts[below(random, texts.size())];
  }
}

Meaning of_setting(Random& random) {
  const auto path = fmt::format("s.p{}", below(random, 3));
  if (below(random, 5) == 0) {  // a part of a text
    const auto part = texts[1 + below(random, 3)];
    return {fmt::format("{} ~ '{}'", path, part), [=](const Row& row) {
              const auto found = row.settings.find(path);
              return found != row.settings.end() && !number_in(found->second) &&
                     text_in(found->second).find(part) != std::string::npos;
            }};
  }
  const auto sign = signs[below(random, signs.size())];
  const bool is_number = below(random, 2) == 0;
  const auto number = random_number(random);
  const auto text = texts[below(random, texts.size())];
  const auto literal = is_number ? Value(number) : Value(text);
  return {is_number ? fmt::format("{} {} {}", path, sign, number)
                    : fmt::format("{} {} '{}'", path, sign, text),
          [=](const Row& row) {
            const auto found = row.settings.find(path);
            return found != row.settings.end() && compare_any(found->second, sign, literal);
          }};
}

double metric_of(const Row& row, const std::string& name) {
  const auto found = row.metrics.find(name);
  return found == row.metrics.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

Meaning of_metric(Random& random) {
  const auto metric = fmt::format("m/{}", below(random, 2));
  const auto sign = signs[below(random, signs.size())];
  const bool with_other = below(random, 3) == 0;
  const auto number = random_number(random);
  return {with_other ? fmt::format("{} {} last(m/1)", metric, sign)
                     : fmt::format("{} {} {}", metric, sign, number),
          [=](const Row& row) {
            const auto left = metric_of(row, metric);
            const auto right = with_other ? metric_of(row, "m/1") : number;
            return !std::isnan(left) && !std::isnan(right) && compare(left, sign, right);
          }};
}

Meaning of_column(Random& random) {
  if (below(random, 3) == 0) {
    const std::string tag = below(random, 2) == 0 ? "good" : "bad";
    const bool has = below(random, 2) == 0;
    return {fmt::format("tag {} {}", has ? "==" : "!=", tag), [=](const Row& row) {
              return has == (std::ranges::find(row.tags, tag) != row.tags.end());
            }};
  }
  const auto sign = signs[below(random, signs.size())];
  if (below(random, 2) == 0) {
    const auto number = static_cast<std::int64_t>(below(random, 4));
    return {fmt::format("seed {} {}", sign, number),
            [=](const Row& row) { return compare(row.seed, sign, number); }};
  }
  const auto name = fmt::format("r{}", below(random, 12));
  return {fmt::format("name {} {}", sign, name),
          [=](const Row& row) { return compare(row.name, sign, name); }};
}

std::string enclosed(const Meaning& part, int looseness, Random& random) {
  const bool must = part.looseness > looseness;
  return must || below(random, 5) == 0 ? fmt::format("({})", part.text) : part.text;
}

Meaning random_filter(Random& random, int depth) {
  const auto kind = depth == 0 ? below(random, 3) : below(random, 6);
  if (kind == 0) return of_setting(random);
  if (kind == 1) return of_metric(random);
  if (kind == 2) return of_column(random);
  const auto left = random_filter(random, depth - 1);
  if (kind == 3)
    return {"not " + enclosed(left, 0, random), [=](const Row& row) { return !left.holds(row); }};
  const auto right = random_filter(random, depth - 1);
  const bool both = kind == 4;
  const int looseness = both ? 1 : 2;
  return {fmt::format("{} {} {}", enclosed(left, looseness, random), both ? "and" : "or",
                      enclosed(right, looseness, random)),
          [=](const Row& row) {
            return both ? left.holds(row) && right.holds(row) : left.holds(row) || right.holds(row);
          },
          looseness};
}

Row random_row(Random& random, std::size_t number) {
  Row row{fmt::format("r{}", number), {}, {}, {}, static_cast<std::int64_t>(below(random, 4))};
  for (int i = 0; i < 3; ++i)
    if (number == 0 || below(random, 4) != 0)
      row.settings[fmt::format("s.p{}", i)] = random_value(random);
  for (int i = 0; i < 2; ++i)
    if (number == 0 || below(random, 4) != 0)
      row.metrics[fmt::format("m/{}", i)] =
          below(random, 5) == 0 ? std::numeric_limits<double>::quiet_NaN() : random_number(random);
  for (const auto* tag : {"good", "bad"})
    if (below(random, 2) == 0) row.tags.emplace_back(tag);
  return row;
}

void store_row(Store& store, const Row& row) {
  Run run;
  run.name = row.name;
  run.config = "{}";
  run.seed = row.seed;
  for (const auto& [path, value] : row.settings) run.settings.push_back({path, value, "default"});
  const auto id = store.begin(run);
  for (const auto& tag : row.tags)
    store.database().prepare("INSERT INTO tags (run_id, tag) VALUES (?, ?)").with(id, tag).run();
  Recorder recorder(store.database().file(), id);
  for (const auto& [metric, value] : row.metrics) recorder.record(metric, 1, 1, value);
  recorder.finish(Status::done);
}

std::string names_of(const Database& database, const std::string& where) {
  std::string names;
  for (const auto& listed :
       list_runs(database, {.where = where, .sort = "name", .columns = {"name"}, .limit = 0}).rows)
    names += std::get<std::string>(listed[0]) + " ";
  return names;
}

}  // namespace

TEST_CASE("property: a filter lets through what a plain evaluator does") {
  by_chance(6, [](auto& random) {
    const TemporaryDirectory folder;
    Store store = Store::create_or_open(folder.path() / "runs.db");
    std::map<std::string, Row> rows;
    for (std::size_t i = 0; i < 12; ++i) {
      auto row = random_row(random, i);
      store_row(store, row);
      rows[row.name] = std::move(row);
    }
    for (int i = 0; i < 500; ++i) {
      const auto filter = random_filter(random, 4);
      std::string wanted;
      for (const auto& [name, row] : rows)
        if (filter.holds(row)) wanted += name + " ";
      INFO(filter.text);
      CHECK(names_of(store.database(), filter.text) == wanted);
    }
  });
}
