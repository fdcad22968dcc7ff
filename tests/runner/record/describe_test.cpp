#include "runner/record/describe.hpp"

#include <algorithm>

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("the values of components in a list are stored one by one, with their origins") {
  Recipe recipe;
  recipe.config = Json::parse(R"({"name": "small", "seed": 1, "scheduler": {"name": "chained",
      "schedulers": [{"name": "constant"}, {"name": "step", "gamma": 0.5}]}})");
  recipe.origins = {{"scheduler.schedulers[1].gamma", "small.yaml:7:3"}};
  const auto settings = describe_run(recipe, "runner run small.yaml").settings;
  REQUIRE(settings.size() == 1);
  CHECK(settings.front().path == "scheduler.schedulers[1].gamma");
  CHECK(std::get<double>(settings.front().value) == 0.5);
  CHECK(settings.front().origin == "small.yaml:7:3");
}
