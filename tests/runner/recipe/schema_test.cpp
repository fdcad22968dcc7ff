#include "runner/recipe/schema.hpp"

#include "registry/kinds.hpp"

#include <fstream>

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("the schema beside the recipes is the one that `runner schema` prints") {
  std::ifstream file(RUNNER_SOURCE_DIR "/recipes/recipe.schema.json");
  CHECK(Json::parse(file) == recipe_schema());
}

TEST_CASE("the schema has every component under its kind") {
  const auto properties = recipe_schema().at("properties");
  for (const auto& kind : kinds()) {
    CAPTURE(kind.name);
    CHECK(properties.at(kind.name).at("anyOf").size() == kind.components.size() + 1);
  }
}
