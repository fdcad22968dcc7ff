#include "runner/recipe/schema.hpp"

#include "registry/kinds.hpp"
#include "runner/sweep/sweep_schema.hpp"

#include <fstream>

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("the schema beside the recipes is the one that `runner schema` prints") {
  std::ifstream file(RUNNER_SOURCE_DIR "/recipes/recipe.schema.json");
  CHECK(Json::parse(file) == recipe_schema(sweep_schemas()));
}

TEST_CASE("the schema has every component under its kind") {
  const auto schema = recipe_schema();
  for (const auto& kind : kinds()) {
    CAPTURE(kind.name);
    CHECK(schema.at("properties").contains(kind.name) == !kind.in_fields);
    if (!kind.in_fields)
      CHECK(schema.at("properties").at(kind.name).at("anyOf")[0] ==
            Json{{"$ref", "#/$defs/" + kind.name}});
    CHECK(schema.at("$defs").at(kind.name).at("anyOf").size() == kind.components.size() + 2);
  }
}

TEST_CASE("the schema takes fields of a kind's default without its name") {
  const auto schema = recipe_schema();
  CHECK(schema.at("properties").at("topology").at("anyOf")[1] ==
        Json{{"$ref", "#/$defs/topology.auto"}});
  CHECK(schema.at("$defs").at("topology.auto").at("properties").contains("threads"));
  CHECK(schema.at("$defs").at("topology.auto").at("required").empty());
}

TEST_CASE("the schema of a list of components is that of their kind") {
  const auto schema = recipe_schema();
  for (auto choice : schema.at("$defs").at("scheduler").at("anyOf"))
    if (choice.contains("properties") && choice["properties"]["name"]["const"] == "chained")
      CHECK(choice["properties"]["schedulers"]["anyOf"][0]["items"] ==
            Json{{"$ref", "#/$defs/scheduler"}});
}
