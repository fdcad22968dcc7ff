#include "tests/runner/recipe/recipes.hpp"

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("a plain value of an argument goes to its end, also behind a #") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  const auto name = [](const std::string& value) {
    return read_recipe("small.yaml", {"name=" + value}).config["name"];
  };
  CHECK(name("exp #3") == "exp #3");
  CHECK(name("#3") == "#3");
  CHECK(name(" exp # 3 ") == "exp # 3");
  CHECK(name("--- exp") == "--- exp");
  CHECK(name("'exp #3'") == "exp #3");
  CHECK(name("\"&x\"") == "&x");
  CHECK(read_recipe("small.yaml", {"init_from.weights=/data/run #2/model.safetensors"})
            .config["init_from"]["weights"] == "/data/run #2/model.safetensors");
  CHECK(read_recipe("small.yaml", {"model={name: mlp, hidden: [3, 4]} # two"})
            .config["model"]["hidden"] == Json({3, 4}));
  CHECK(mistakes("small.yaml", {"seed=1 #2"}) ==
        "argument 'seed=1 #2': seed is '1 #2'; expected a whole number of at least 0\n"
        "    1 | seed=1 #2\n"
        "      |      ^\n");
}

TEST_CASE("an argument's value that YAML takes for more than text is to be quoted") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  for (const std::string value : {"&x", "!x", "%x", "@x", "*x", "`x", "|x", ">x"}) {
    const auto argument = "name=" + value;
    CHECK(mistakes("small.yaml", {argument}) ==
          "argument '" + argument + "': in YAML a value that begins with " + value.front() +
              " is no plain text; expected it in quotes: 'name=\"" + value +
              "\"'\n"
              "    1 | " +
              argument +
              "\n"
              "      |      ^\n");
  }
  CHECK(mistakes("small.yaml", {"name=&it's"}) ==
        "argument 'name=&it's': in YAML a value that begins with & is no plain text; expected it "
        "in quotes: 'name=\"&it'\\''s\"'\n"
        "    1 | name=&it's\n"
        "      |      ^\n");
}
