#include "runner/search/space.hpp"

#include "runner/recipe/yaml.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace runner;

namespace {

const Place start{std::make_shared<Source>(Source{"r.yaml", "", false}), 1, 1};

Node yaml(const std::string& text) {
  Problems problems;
  return parse_yaml(start, text, problems).value();
}

std::string mistakes(const std::string& space) {
  Problems problems;
  CHECK_FALSE(read_space(yaml(space), problems).has_value());
  return problems.render();
}

std::string mistakes_of(const std::string& strategy, const std::string& space) {
  Problems problems;
  Search search;
  search.strategy = strategy;
  check_strategy(search, read_space(yaml(space), problems).value(), start, problems);
  return problems.empty() ? "" : problems.render();
}

}  // namespace

TEST_CASE("a search's space has an axis for each path, in the order of the text") {
  Problems problems;
  const auto space = read_space(yaml("{optimizer.lr: {log_uniform: [1e-4, 10]},\n"
                                     " model.width: {choice: [16, 32, 64]},\n"
                                     " model.layers: {int_uniform: [1, 8]},\n"
                                     " model.hidden: {int_log_uniform: [16, 1024]},\n"
                                     " model.dropout: {uniform: [0, 0.5]}}"),
                                problems)
                         .value();
  REQUIRE(space.size() == 5);
  CHECK(space[0].path == "optimizer.lr");
  CHECK(space[0].kind == Axis::Kind::log_uniform);
  CHECK(space[0].low == 1e-4);
  CHECK(space[0].high == 10);
  CHECK_FALSE(space[0].count().has_value());
  CHECK(space[1].count() == 3);
  CHECK(space[2].count() == 8);
  CHECK(space[3].count() == 1009);
  CHECK(space[4].kind == Axis::Kind::uniform);
  CHECK(describe(space[4].place) == "r.yaml:5:17");
}

TEST_CASE(
    "a value of a search is a node with a place in its space, and a choice may be a component") {
  Problems problems;
  const auto space = read_space(yaml("optimizer: {choice: [sgd, {name: adam, lr: 0.001}]}\n"
                                     "optimizer.lr: {uniform: [0, 1]}"),
                                problems)
                         .value();
  CHECK(plain(value_node(space[0], 0)) == "sgd");
  const auto adam = value_node(space[0], 1);
  CHECK(plain(adam) == Json{{"name", "adam"}, {"lr", 0.001}});
  CHECK(describe(adam.place) == "r.yaml:1:27");
  const auto lr = value_node(space[1], 0.25);
  CHECK(plain(lr) == 0.25);
  CHECK(describe(lr.place) == "r.yaml:2:15");
}

TEST_CASE("every mistake in a search's space is shown, each with what was expected") {
  CHECK(mistakes("a: {log_unifrom: [1, 2]}\n"
                 "b: {uniform: [2, 1]}\n"
                 "c: {log_uniform: [0, 1]}\n"
                 "d: {int_uniform: [1, 2.5]}\n"
                 "e: {choice: []}\n"
                 "f: {uniform: [1, 2, 3]}\n"
                 "g: 0.5\n"
                 "h: {uniform: [1, 1]}\n"
                 "i: {uniform: [0, .inf]}\n"
                 "j: {int_log_uniform: [0, 10]}\n"
                 "k: {uniform: [0, 1], choice: [1]}\n"
                 "l: {normal: [0, 1]}\n"
                 "m: {int_uniform: [0, 1e300]}\n") ==
        R"(r.yaml:1:5: search.space: 'log_unifrom' is no distribution; did you mean 'log_uniform'?
r.yaml:2:14: search.space: 'b' is between [2,1]; the first must be the smaller
r.yaml:3:18: search.space: 'c' is between [0,1]; expected two numbers above 0: [LOW, HIGH]
r.yaml:4:18: search.space: 'd' is between [1,2.5]; expected two whole numbers from -2^53 to 2^53: [LOW, HIGH]
r.yaml:5:13: search.space: 'e' has no choices; expected a list of values
r.yaml:6:14: search.space: 'f' is between [1,2,3]; expected two numbers: [LOW, HIGH]
r.yaml:7:4: search.space: 'g' has no distribution; expected one, as in {uniform: [0, 0.5]}
r.yaml:8:14: search.space: 'h' is between [1,1]; the first must be the smaller
r.yaml:9:14: search.space: 'i' is between [0,inf]; expected two numbers: [LOW, HIGH]
r.yaml:10:22: search.space: 'j' is between [0,10]; expected two whole numbers from 1 to 2^53: [LOW, HIGH]
r.yaml:11:4: search.space: 'k' has no distribution; expected one, as in {uniform: [0, 0.5]}
r.yaml:12:5: search.space: 'normal' is no distribution; expected one of uniform, log_uniform, int_uniform, int_log_uniform, choice
r.yaml:13:18: search.space: 'm' is between [0,1e+300]; expected two whole numbers from -2^53 to 2^53: [LOW, HIGH]
)");
}

TEST_CASE("a bound that YAML refused is not refused again") {
  Problems problems;
  const auto space = parse_yaml(start, "{a: {uniform: [0, 010]}}", problems).value();
  REQUIRE(problems.size() == 1);
  CHECK_FALSE(read_space(space, problems).has_value());
  CHECK(problems.size() == 1);
}

TEST_CASE("an empty space, or one that is no map, is refused with an example") {
  const std::string expected =
      "r.yaml:1:1: search.space is empty; expected a map of paths to distributions, as in "
      "{optimizer.lr: {log_uniform: [1e-4, 1]}}\n";
  CHECK(mistakes("{}") == expected);
  CHECK(mistakes("[1, 2]") == expected);
}

TEST_CASE("a grid refuses real axes and more than a million points") {
  CHECK(mistakes_of("grid", "{a: {choice: [1, 2]}, b: {int_uniform: [1, 8]}}").empty());
  CHECK(mistakes_of("tpe", "{a: {uniform: [1, 2]}}").empty());
  CHECK(mistakes_of("grid", "{a: {choice: [1, 2]}, b: {uniform: [1, 8]}}") ==
        "r.yaml:1:26: search.space: a grid has no end along 'b'; expected choice, int_uniform or "
        "int_log_uniform\n");
  CHECK(mistakes_of("grid", "{a: {int_uniform: [1, 2000]}, b: {int_uniform: [1, 2000]}}") ==
        "r.yaml:1:1: search.space: the grid has more than 1000000 points; give trials to another "
        "strategy\n");
}

TEST_CASE("sobol refuses more axes than it has dimensions") {
  Problems problems;
  Search search;
  search.strategy = "sobol";
  check_strategy(search, Space(3667), start, problems);
  CHECK(problems.empty());
  check_strategy(search, Space(3668), start, problems);
  CHECK(problems.render() ==
        "r.yaml:1:1: search.space has 3668 axes; sobol has 3667 dimensions at most\n");
}

TEST_CASE("a search's fields are described, and without them it is tpe for the least eval/loss") {
  CHECK(names_of(describe_fields<Search>()) ==
        std::vector<std::string>{"strategy", "trials", "metric", "mode", "seed", "startup_trials",
                                 "candidates"});
  const auto search = from_json<Search>(Json{{"trials", 30}});
  CHECK(search.trials == 30);
  CHECK(search.strategy == "tpe");
  CHECK(search.metric == "eval/loss");
  CHECK(search.goal() == Goal::smaller);
}

TEST_CASE("a search without an end is refused, but for a grid") {
  Search search;
  CHECK(search.conflict() == "tpe has no end: give trials");
  search.strategy = "grid";
  CHECK(search.conflict().empty());
  search.strategy = "random";
  search.trials = 3;
  CHECK(search.conflict().empty());
}
