#include "runner/sweep/matrix.hpp"

#include "runner/recipe/yaml.hpp"
#include "tests/runner/sweep/recipes.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

/// Each cell as a line: "optimizer.lr=0.1 seed=1".
std::string expanded(const std::string& matrix) {
  Problems problems;
  const Place start{std::make_shared<Source>(Source{"r.yaml", matrix, false}), 1, 1};
  const auto cells = expand_matrix(parse_yaml(start, matrix, problems).value(), problems);
  std::string out = problems.empty() ? "" : problems.render();
  for (const auto& cell : cells) {
    std::string line;
    for (const auto& each : cell)
      line += (line.empty() ? "" : " ") + each.path + "=" + plain(each.value).dump();
    out += line + "\n";
  }
  return out;
}

/// What each cell of the recipe assigns, as its trial's parameters.
std::string parameters(const SweepRecipe& recipe) {
  std::string out;
  for (const auto& cell : recipe.cells()) out += recipe.parameters_of(cell).dump() + "\n";
  return out;
}

}  // namespace

TEST_CASE("a matrix is every value with every one of the others, the last turning fastest") {
  CHECK(expanded("{optimizer.lr: [0.1, 0.3], seed: [1, 2], precision: [fp32]}") ==
        "optimizer.lr=0.1 seed=1 precision=\"fp32\"\n"
        "optimizer.lr=0.1 seed=2 precision=\"fp32\"\n"
        "optimizer.lr=0.3 seed=1 precision=\"fp32\"\n"
        "optimizer.lr=0.3 seed=2 precision=\"fp32\"\n");
  CHECK(expanded("{model.hidden: [[8], [8, 8]]}") == "model.hidden=[8]\nmodel.hidden=[8,8]\n");
}

TEST_CASE("a range has both its ends, in whole or real steps, up or down") {
  CHECK(expanded("{seed: {range: [1, 3]}}") == "seed=1\nseed=2\nseed=3\n");
  CHECK(expanded("{seed: {range: [1, 8, 3]}}") == "seed=1\nseed=4\nseed=7\n");
  CHECK(expanded("{seed: {range: [3, 1, -1]}}") == "seed=3\nseed=2\nseed=1\n");
  CHECK(expanded("{seed: {range: [4, 4]}}") == "seed=4\n");
  CHECK(expanded("{a.b: {range: [0.1, 0.5, 0.1]}}") ==
        "a.b=0.1\na.b=0.2\na.b=0.3\na.b=0.4\na.b=0.5\n");
  CHECK(expanded("{a.b: {range: [1.5, 0, -0.5]}}") == "a.b=1.5\na.b=1.0\na.b=0.5\na.b=0.0\n");
  CHECK(expanded("{a.b: {range: [1e-5, 3e-5, 1e-5]}}") == "a.b=1e-05\na.b=2e-05\na.b=3e-05\n");
}

TEST_CASE("a range that is said wrongly is refused where it stands") {
  CHECK(expanded("{seed: {range: [3, 1]}}") ==
        "r.yaml:1:16: matrix: the range of seed never comes to its end\n"
        "    1 | {seed: {range: [3, 1]}}\n"
        "      |                ^\n");
  const auto first_line = [](const std::string& range) {
    const auto text = expanded("{seed: {range: " + range + "}}");
    return text.substr(0, text.find('\n'));
  };
  for (const auto* range : {"[1, 2, 0]", "[.nan, 1]", "[1, .inf]", "[.inf, .inf]"}) {
    CAPTURE(range);
    CHECK(first_line(range) == "r.yaml:1:16: matrix: the range of seed never comes to its end");
  }
  for (const auto* range : {"[1]", "[1, 2, 3, 4]", "[a, b]", "3", "[]"}) {
    CAPTURE(range);
    CHECK(first_line(range) ==
          "r.yaml:1:16: matrix: the range of seed is [first, last] or [first, last, step], in "
          "numbers");
  }
  CHECK(first_line("[1, 1000000]") ==
        "r.yaml:1:16: matrix: the range of seed has more than 100000 values");
}

TEST_CASE("zip puts values side by side, and several zips are crossed") {
  CHECK(expanded("{zip: {a.x: [1, 2], a.y: {range: [3, 4]}}, seed: [7, 8]}") ==
        "seed=7 a.x=1 a.y=3\n"
        "seed=7 a.x=2 a.y=4\n"
        "seed=8 a.x=1 a.y=3\n"
        "seed=8 a.x=2 a.y=4\n");
  CHECK(expanded("{zip: [{a.x: [1, 2], a.y: [3, 4]}, {b.x: [5, 6], b.y: [7, 8]}]}") ==
        "a.x=1 a.y=3 b.x=5 b.y=7\n"
        "a.x=1 a.y=3 b.x=6 b.y=8\n"
        "a.x=2 a.y=4 b.x=5 b.y=7\n"
        "a.x=2 a.y=4 b.x=6 b.y=8\n");
}

TEST_CASE("zip of unequal lengths, of no lists, or of nothing is refused") {
  CHECK(expanded("{zip: {a.x: [1, 2], a.y: [3, 4, 5]}}") ==
        "r.yaml:1:26: matrix: zip puts values side by side, but a.x has 2 and a.y has 3\n"
        "    1 | {zip: {a.x: [1, 2], a.y: [3, 4, 5]}}\n"
        "      |                          ^\na.x=1\na.x=2\n");
  CHECK(expanded("{zip: [3]}") ==
        "r.yaml:1:8: matrix: zip is a map of paths and values, or a list of such maps\n"
        "    1 | {zip: [3]}\n"
        "      |        ^\n");
  CHECK(expanded("{zip: {}}") ==
        "r.yaml:1:1: matrix: it has no cells\n"
        "    1 | {zip: {}}\n"
        "      | ^\n");
}

TEST_CASE("exclude takes cells out, a component by its bare name with whatever fields") {
  const std::string axes = "optimizer: [sgd, {name: adam, lr: 0.1}, {name: adam, lr: 0.2}], seed: ";
  CHECK(expanded("{" + axes + "[1, 2], exclude: [{optimizer: adam, seed: 2}, {optimizer: sgd}]}") ==
        "optimizer={\"name\":\"adam\",\"lr\":0.1} seed=1\n"
        "optimizer={\"name\":\"adam\",\"lr\":0.2} seed=1\n");
  CHECK(expanded("{" + axes + "[1], exclude: {optimizer: {name: adam, lr: 0.1}}}") ==
        "optimizer=\"sgd\" seed=1\n"
        "optimizer={\"name\":\"adam\",\"lr\":0.2} seed=1\n");
  CHECK(expanded("{" + axes + "[1], exclude: {optimizer: {name: sgd}}, zip: {a.x: [1, 2]}}") ==
        "optimizer={\"name\":\"adam\",\"lr\":0.1} seed=1 a.x=1\n"
        "optimizer={\"name\":\"adam\",\"lr\":0.1} seed=1 a.x=2\n"
        "optimizer={\"name\":\"adam\",\"lr\":0.2} seed=1 a.x=1\n"
        "optimizer={\"name\":\"adam\",\"lr\":0.2} seed=1 a.x=2\n");
  CHECK(expanded("{a.x: [1, 2], exclude: {a.x: 1.0}}") == "a.x=2\n");
  // A name that is no text is a mistake of the cell that is left.
  CHECK(expanded("{optimizer: [{name: 0.3}, sgd], exclude: {optimizer: sgd}}") ==
        "optimizer={\"name\":0.3}\n");
}

TEST_CASE("exclude that names what the matrix does not vary is refused, and says what it does") {
  CHECK(expanded("{optimizer.lr: [1, 2], exclude: [{optimizer.lt: 1}]}") ==
        "r.yaml:1:35: matrix: exclude names optimizer.lt, which the matrix does not vary; did you "
        "mean 'optimizer.lr'?\n"
        "    1 | {optimizer.lr: [1, 2], exclude: [{optimizer.lt: 1}]}\n"
        "      |                                   ^\n"
        "optimizer.lr=1\noptimizer.lr=2\n");
}

TEST_CASE("exclude that takes out no cell is refused, and says which values there are") {
  CHECK(expanded("{optimizer.lr: [0.1, 0.3], seed: [1, 2], exclude: {optimizer.lr: 0.2, seed: 3}}")
            .starts_with("r.yaml:1:66: matrix: exclude names optimizer.lr: 0.2, which no cell has; "
                         "expected one of 0.1, 0.3\n"));
  CHECK(expanded("{optimizer: [sgd, adam], exclude: [{optimizer: sdg}]}") ==
        "r.yaml:1:48: matrix: exclude names optimizer: sdg, which no cell has; did you mean "
        "'sgd'?\n"
        "    1 | {optimizer: [sgd, adam], exclude: [{optimizer: sdg}]}\n"
        "      |                                                ^\n"
        "optimizer=\"sgd\"\noptimizer=\"adam\"\n");
  CHECK(expanded("{zip: {a.x: [1, 2], a.y: [3, 4]}, exclude: [{a.x: 1, a.y: 4}]}") ==
        "r.yaml:1:45: matrix: exclude matches no cell: none has a.x: 1, a.y: 4 together\n"
        "    1 | {zip: {a.x: [1, 2], a.y: [3, 4]}, exclude: [{a.x: 1, a.y: 4}]}\n"
        "      |                                             ^\n"
        "a.x=1 a.y=3\na.x=2 a.y=4\n");
  CHECK(expanded("{a.x: [1, 2], exclude: [{}]}") ==
        "r.yaml:1:25: matrix: exclude is empty; expected paths and values, as in "
        "{optimizer.lr: 0.3, seed: 2}\n"
        "    1 | {a.x: [1, 2], exclude: [{}]}\n"
        "      |                         ^\n"
        "a.x=1\na.x=2\n");
}

TEST_CASE("include that adds no cell is refused, unless it was taken out before") {
  CHECK(expanded("{a.x: [1, 2], include: [{a.x: 2}]}") ==
        "r.yaml:1:25: matrix: include adds no cell: there is one with a.x: 2 already\n"
        "    1 | {a.x: [1, 2], include: [{a.x: 2}]}\n"
        "      |                         ^\n"
        "a.x=1\na.x=2\n");
  CHECK(expanded("{a.x: [1, 2], exclude: {a.x: 2}, include: {a.x: 2}}") == "a.x=1\na.x=2\n");
}

TEST_CASE("exclude that leaves nothing is one mistake, whatever else is excluded") {
  CHECK(expanded("{a.x: [1], exclude: [{a.x: 1}, {a.x: 1}]}") ==
        "r.yaml:1:1: matrix: it has no cells\n"
        "    1 | {a.x: [1], exclude: [{a.x: 1}, {a.x: 1}]}\n"
        "      | ^\n");
}

TEST_CASE("a mistake in an axis is not told again of what excludes it") {
  CHECK(expanded("{a.x: 3, a.y: [1], exclude: [{a.x: 3}]}") ==
        "r.yaml:1:7: matrix: a.x is 3; expected a list of values, as [0.1, 0.3], or {range: "
        "[first, last]}\n"
        "    1 | {a.x: 3, a.y: [1], exclude: [{a.x: 3}]}\n"
        "      |       ^\n");
}

TEST_CASE("include adds cells, whole components and single values") {
  CHECK(expanded("{seed: [1], include: [{optimizer: {name: sgd, lr: 0.05}}, {seed: 5, a.x: 2}]}") ==
        "seed=1\n"
        "optimizer={\"name\":\"sgd\",\"lr\":0.05}\n"
        "seed=5 a.x=2\n");
  CHECK(expanded("{include: {seed: 5}}") == "seed=5\n");
}

TEST_CASE("a path that is varied twice is refused") {
  CHECK(expanded("{a.x: [1, 2], zip: {a.x: [3], a.y: [4]}}") ==
        "r.yaml:1:21: matrix: a.x is varied twice\n"
        "    1 | {a.x: [1, 2], zip: {a.x: [3], a.y: [4]}}\n"
        "      |                     ^\n"
        "a.x=1 a.x=3 a.y=4\na.x=2 a.x=3 a.y=4\n");
}

TEST_CASE("a matrix is a map of lists, and has at most 100,000 cells") {
  CHECK(expanded("[1]") ==
        "r.yaml:1:1: matrix: expected a map of paths and their values, as in {optimizer.lr: [0.1, "
        "0.3]}\n"
        "    1 | [1]\n"
        "      | ^\n");
  CHECK(expanded("{}") ==
        "r.yaml:1:1: matrix: it has no cells\n"
        "    1 | {}\n"
        "      | ^\n");
  CHECK(expanded("{a.x: []}") ==
        "r.yaml:1:7: matrix: a.x is empty; expected a list of values, as [0.1, 0.3], or {range: "
        "[first, last]}\n"
        "    1 | {a.x: []}\n"
        "      |       ^\n");
  const std::string many = "{range: [1, 317]}";
  const std::string matrix = "{a.x: " + many + ", a.y: " + many + "}";
  CHECK(expanded(matrix) ==
        "r.yaml:1:1: matrix: it has more than 100000 cells\n    1 | " + matrix + "\n      | ^\n");
}

TEST_CASE("a cell is laid over the recipe: another component drops the fields of the old one") {
  const auto sweep = read_sweep(
      "matrix:\n"
      "  optimizer: [{name: adamw, lr: 0.5}, sgd]\n"
      "  optimizer.weight_decay: [0.25]\n");
  REQUIRE(sweep.cells().size() == 2);
  const auto adamw = sweep.recipe_of(sweep.cells()[0]).config.at("optimizer");
  CHECK(adamw.at("lr") == 0.5);
  CHECK(adamw.at("weight_decay") == 0.25);
  const auto sgd = sweep.recipe_of(sweep.cells()[1]).config.at("optimizer");
  CHECK(sgd.at("name") == "sgd");
  CHECK(sgd.at("lr") == 0.001);  // sgd's own default
  CHECK(sgd.at("weight_decay") == 0.25);
}

TEST_CASE("an argument of the command line wins over the matrix, and is what the trial says") {
  const auto sweep = read_sweep("matrix: {optimizer.lr: [0.1, 0.3], seed: [1, 2]}\n", {"seed=7"});
  CHECK(parameters(sweep) ==
        "{\"optimizer.lr\":0.1,\"seed\":7}\n{\"optimizer.lr\":0.3,\"seed\":7}\n");
  CHECK(sweep.recipe_of(sweep.cells()[1]).config.at("seed") == 7);
}

TEST_CASE("cells that come out alike are one, and points of a grid are counted once") {
  CHECK(read_sweep("matrix: {optimizer.lr: [0.1, 1e-1, 0.3]}\n").trials() == 2);
  CHECK(read_sweep("matrix: {name: [a, b], seed: [1, 2]}\n").trials() == 2);
  const std::string grid =
      "search: {strategy: grid, trials: 9, space: {model.hidden: {choice: [[4], [8]]}}}\n";
  CHECK(read_sweep(grid).trials() == 2);
  CHECK(read_sweep(grid, {"search.trials=1"}).trials() == 1);
}

TEST_CASE("an argument may change the matrix itself, and keeps the order of its paths") {
  const std::string more = "matrix: {optimizer.lr: [0.1, 0.3], seed: [1]}\n";
  CHECK(parameters(read_sweep(more, {"matrix.optimizer.lr=[0.2, 0.4]"})) ==
        "{\"optimizer.lr\":0.2,\"seed\":1}\n{\"optimizer.lr\":0.4,\"seed\":1}\n");
  CHECK(parameters(read_sweep(more, {"matrix.seed={range: [3, 4]}", "matrix.optimizer.lr=[1]"})) ==
        "{\"optimizer.lr\":1,\"seed\":3}\n{\"optimizer.lr\":1,\"seed\":4}\n");
  CHECK(parameters(read_sweep(more, {"matrix={seed: [9]}", "matrix.optimizer.lr=[1]"})) ==
        "{\"optimizer.lr\":1,\"seed\":9}\n");
}

TEST_CASE("every cell of a recipe is checked, and a mistake shown where the matrix makes it") {
  CHECK(mistakes_in_sweep("matrix:\n"
                          "  optimizer.lr: [0.1, high]\n"
                          "  optimiser.lr: [0.1]\n"
                          "  seed: [1, 2]\n") ==
        "r.yaml:3:23: optimizer.lr is 'high'; expected a number of at least 0\n"
        "    3 |   optimizer.lr: [0.1, high]\n"
        "      |                       ^\n"
        "r.yaml:4:3: a recipe has no key 'optimiser'; did you mean 'optimizer'?\n"
        "    4 |   optimiser.lr: [0.1]\n"
        "      |   ^\n");
}

TEST_CASE("a mistake that only some cells make, and not by what they assign, names the first") {
  CHECK(mistakes_in_sweep("dataset: {name: synthetic, samples: 0}\n"
                          "matrix: {seed: [1, 2]}\n") ==
        "r.yaml:2:37: dataset.samples is 0; expected a whole number of at least 1\n"
        "    2 | dataset: {name: synthetic, samples: 0}\n"
        "      |                                     ^\n");
  CHECK(mistakes_in_sweep("optimizer: {lr: -1}\n"
                          "matrix:\n"
                          "  optimizer: [sgd, {name: adamw, eps: 1e-9}]\n"
                          "  seed: [1, 2]\n") ==
        "r.yaml:2:17: optimizer.lr is -1; expected a number of at least 0 (in the cell optimizer: "
        "{\"name\":\"adamw\",\"eps\":1e-09}, seed: 1)\n"
        "    2 | optimizer: {lr: -1}\n"
        "      |                 ^\n");
}

TEST_CASE("a mistake of an argument is the argument's") {
  CHECK(mistakes_in_sweep("matrix: {seed: [1, 2]}\n", {"matrix.optimizer.lr=0.1"}) ==
        "argument 'matrix.optimizer.lr=0.1': matrix: optimizer.lr is 0.1; expected a list of "
        "values, as [0.1, 0.3], or {range: [first, last]}\n"
        "    1 | matrix.optimizer.lr=0.1\n"
        "      |                     ^\n");
}

TEST_CASE("paths with an empty part are refused") {
  for (const std::string path : {"optimizer..lr", ".seed", "seed.", "."}) {
    CAPTURE(path);
    CHECK(
        expanded("{" + path + ": [1]}")
            .starts_with("r.yaml:1:2: matrix: '" + path + "' is no path, such as optimizer.lr\n"));
    CHECK(
        expanded("{include: {" + path + ": 1}}")
            .starts_with("r.yaml:1:12: matrix: '" + path + "' is no path, such as optimizer.lr\n"));
  }
}

TEST_CASE("neither a matrix nor a space varies what makes them") {
  for (const std::string path : {"sweep.parallel", "matrix.seed", "extends", "prune.first"}) {
    CAPTURE(path);
    const auto key = path.substr(0, path.find('.'));
    CHECK(mistakes_in_sweep("matrix: {" + path + ": [1, 2]}\n") ==
          "r.yaml:2:10: matrix: '" + key +
              "' is of the recipe as a whole; cells cannot differ in it\n    2 | matrix: {" + path +
              ": [1, 2]}\n      |          ^\n");
  }
  CHECK(
      mistakes_in_sweep("search: {trials: 2, space: {sweep.retries: {choice: [1, 2]}}}\n") ==
      "r.yaml:2:44: search.space: 'sweep' is of the recipe as a whole; trials cannot differ in it\n"
      "    2 | search: {trials: 2, space: {sweep.retries: {choice: [1, 2]}}}\n"
      "      |                                            ^\n");
}

TEST_CASE("a sweep whose name has a reference that means nothing says so") {
  CHECK(mistakes_in_sweep("matrix: {seed: [1, 2]}\n", {"name=a ${env:NO_SUCH_VARIABLE}"}) ==
        "argument 'name=a ${env:NO_SUCH_VARIABLE}': the environment has no NO_SUCH_VARIABLE; a "
        "default "
        "is given as ${env:NO_SUCH_VARIABLE,default}\n"
        "    1 | name=a ${env:NO_SUCH_VARIABLE}\n"
        "      |      ^\n");
}
