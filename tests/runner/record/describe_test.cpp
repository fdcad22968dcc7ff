#include "runner/record/describe.hpp"

#include "experiments/error.hpp"
#include "tests/experiments/fixture.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

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

TEST_CASE("credentials in a recipe, its values and its command are not recorded") {
  Recipe recipe;
  recipe.text = "dataset: {root: 'https://me:pw@host/'}";
  recipe.config = Json::parse(
      R"({"name": "small", "seed": 1, "dataset": {"name": "mnist", "root": "https://me:pw@host/"}})");
  recipe.origins = {{"dataset.root", "argument dataset.root=https://me:pw@host/"}};
  const auto run = describe_run(recipe, "runner run small.yaml dataset.root=https://me:pw@host/");
  CHECK(run.recipe_text == "dataset: {root: 'https://***@host/'}");
  CHECK(run.config.find("pw") == std::string::npos);
  CHECK(std::get<std::string>(run.settings.front().value) == "https://***@host/");
  CHECK(run.settings.front().origin == "argument dataset.root=https://***@host/");
  CHECK(run.command == "runner run small.yaml dataset.root=https://***@host/");
}

TEST_CASE("a run keeps nothing of its surroundings that its recipe does not want kept") {
  Recipe recipe;
  recipe.config = Json::parse(
      R"({"name": "small", "seed": 1, "record": {"environment": false, "git_diff": false}})");
  const auto run = describe_run(recipe, "runner run small.yaml");
  CHECK(run.environment.empty());
  CHECK_FALSE(run.git_diff);
}

TEST_CASE("data that are not those of an earlier run are refused, with their files") {
  const auto data = [](const std::string& dataset, const std::string& digest) {
    return fmt::format(
        R"({{"dataset": "{}", "files": {{"train": "/d/train"}}, "contents": {{"train": "{}"}}}})",
        dataset, digest);
  };
  const EarlierData before{"2qm", data("mnist", "xxh3-128:1")};
  refuse_other_data(data("mnist", "xxh3-128:1"), before);
  refuse_other_data(data("mnist", "xxh3-128:1"), {"2qm", R"({"dataset": "mnist"})"});
  refuse_other_data(data("mnist", "xxh3-128:1"), {"2qm", ""});
  CHECK(error_of<UserError>([&] { refuse_other_data(data("mnist", "xxh3-128:2"), before); }) ==
        "the data are not those of run 2qm: /d/train (train) has other content, by all of it");
  CHECK(error_of<UserError>(
            [&] { refuse_other_data(data("mnist", "xxh3-128-sampled:2"), before); }) ==
        "the data are not those of run 2qm: /d/train (train) has other content, by its size "
        "and samples of it");
  CHECK(error_of<UserError>([&] { refuse_other_data(data("other", "xxh3-128:1"), before); }) ==
        "the data are not those of run 2qm: they were mnist, and are other");
}
