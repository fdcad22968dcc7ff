#include "runner/recipe/reference.hpp"

#include "runner/sweep/sweep_recipe.hpp"
#include "tests/runner/recipe/recipes.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    setenv(name, value.c_str(), 1);
  }
  ~Environment() { unsetenv(name_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
};

SweepRecipe sweep_of(const std::string& path, const std::vector<std::string>& overrides = {}) {
  return std::get<SweepRecipe>(read_run_or_sweep(path, overrides));
}

}  // namespace

TEST_CASE("a reference is the value of another field, with its type, after overrides") {
  const RecipeFolder folder;
  folder.write("small.yaml", std::string(smallest) +
                                 "train: {batch_size: 32}\n"
                                 "eval: {batch_size: '${train.batch_size}'}\n"
                                 "scheduler: {name: constant, warmup: '${log.every}'}\n"
                                 "name: ${model.name} at ${optimizer.lr}, ${train.epochs}\n");
  const auto recipe = read_recipe("small.yaml");
  CHECK(recipe.config["eval"]["batch_size"] == 32);
  CHECK(recipe.config["scheduler"]["warmup"] == "10 steps");  // a default
  CHECK(recipe.config["name"] == "mlp at 0.0001, 1");
  CHECK(origin(recipe, "eval.batch_size") == "small.yaml:6:20 (${train.batch_size})");
  CHECK(origin(recipe, "train.batch_size") == "small.yaml:5:21");

  const auto other = read_recipe("small.yaml", {"train.batch_size=8", "optimizer.lr=${env:LR,2}",
                                                "model.hidden=['${train.batch_size}', 3]"});
  CHECK(other.config["eval"]["batch_size"] == 8);
  CHECK(other.config["model"]["hidden"] == Json({8, 3}));
  CHECK(other.config["name"] == "mlp at 2, 1");
  CHECK(origin(other, "optimizer.lr") == "argument optimizer.lr=${env:LR,2} (${env:LR,2})");
  CHECK(read_recipe("small.yaml", {"name=${model}"}).config["name"] == "mlp");
  CHECK(read_recipe("small.yaml", {"model.hidden=[3,4]", "name=${model.hidden[1]}${eval.on}"})
            .config["name"] == "4eval");
  CHECK(read_recipe("small.yaml", {"model.hidden=[3,4]", "optimizer.lr=${model.hidden[1]}"})
            .config["optimizer"]["lr"] == 4);
  const auto metrics = read_recipe(
      "small.yaml",
      {"eval.metrics=[f1, {name: top_k}]", "name=${eval.metrics[0].name} ${eval.metrics[1].k}"});
  CHECK(metrics.config["name"] == "f1 5");
}

TEST_CASE("the environment's values are read as an argument's") {
  const RecipeFolder folder;
  folder.write("base.yaml", smallest);
  folder.write("small.yaml",
               "extends: ${env:BASE,base}.yaml\nmodel: ${env:MODEL,mlp}\n"
               "train: {batch_size: '${env:BATCH,${eval.batch_size}}'}\nname: by ${env:WHO,me}\n"
               "init_from: {weights: '${env:WEIGHTS,}'}\n");
  const auto bare = read_recipe("small.yaml").config;
  CHECK(bare["train"]["batch_size"] == 1000);
  CHECK(bare["name"] == "by me");
  CHECK(bare["init_from"]["weights"] == nullptr);
  const Environment model("MODEL", "{name: mlp, hidden: [5]}"), batch("BATCH", "16"),
      who("WHO", "$5 ${x} #1"), weights("WEIGHTS", "/data/run #2/$x.safetensors");
  const auto recipe = read_recipe("small.yaml");
  CHECK(recipe.config["model"]["hidden"] == Json({5}));
  CHECK(recipe.config["train"]["batch_size"] == 16);
  CHECK(recipe.config["name"] == "by $5 ${x} #1");
  CHECK(recipe.config["init_from"]["weights"] == "/data/run #2/$x.safetensors");
  CHECK(origin(recipe, "train.batch_size") == "small.yaml:3:21 (${env:BATCH,${eval.batch_size}})");
  CHECK(origin(recipe, "name") == "small.yaml:4:7 (by ${env:WHO,me})");
  CHECK(read_recipe("small.yaml", {"model.hidden=[7]"}).config["model"]["hidden"] == Json({7}));
}

TEST_CASE("a resolved config is not read for references again, and arguments over it are") {
  const Environment secret("RUNNER_TEST_VALUE", "7");
  auto config = read_config("run", R"({"model": "mlp", "dataset": "mnist", "loss": "cross_entropy",
      "optimizer": {"name": "sgd", "lr": 0.1}, "name": "${env:RUNNER_TEST_VALUE} $$"})",
                            {"seed=${env:RUNNER_TEST_VALUE}", "train.batch_size=${seed}"})
                    .config;
  CHECK(config["name"] == "${env:RUNNER_TEST_VALUE} $$");
  CHECK(config["seed"] == 7);
  CHECK(config["train"]["batch_size"] == 7);
}

TEST_CASE("a dollar that begins no reference is one, and two are one") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  for (const auto& [written, value] : std::vector<std::pair<std::string, std::string>>{
           {"$", "$"}, {"a$b$", "a$b$"}, {"$$", "$"}, {"$${seed}", "${seed}"}, {"$$$$", "$$"}}) {
    const auto config = read_recipe("small.yaml", {"name=" + written}).config;
    CHECK(config["name"].get<std::string>() == value);
    CHECK(read_recipe("small.yaml", {"name=" + escaped(value)}).config["name"] == value);
  }
  CHECK(escaped("$5 ${x} $$y$") == "$5 $${x} $$$y$");
}

TEST_CASE("a reference to nothing, in a circle, or of a wrong type is refused where it stands") {
  const RecipeFolder folder;
  folder.write("small.yaml", std::string(smallest) + "name: run\n");
  const auto refused = [](const std::string& override) {
    auto text = mistakes("small.yaml", {override});
    const auto begin = text.find("': ") + 3;
    return text.substr(begin, text.find('\n') - begin);
  };
  CHECK(refused("seed=${train.batch_sise}") ==
        "${train.batch_sise}: the recipe has no value 'train.batch_sise'; did you mean "
        "train.batch_size?");
  CHECK(refused("seed=${lr}") == "${lr}: the recipe has no value 'lr'; did you mean optimizer.lr?");
  CHECK(refused("seed=${RUNNER_TEST_UNSET}") ==
        "${RUNNER_TEST_UNSET}: the recipe has no value 'RUNNER_TEST_UNSET'; expected a path such "
        "as optimizer.lr, or env:NAME");
  CHECK(refused("seed=${env:RUNNER_TEST_UNSET}") ==
        "the environment has no RUNNER_TEST_UNSET; a default is given as "
        "${env:RUNNER_TEST_UNSET,default}");
  CHECK(refused("name=${env:}") == "${env:} names no variable; expected ${env:NAME}");
  CHECK(refused("seed=${name") == "'${name': a } is missing; $${ is text");
  CHECK(refused("seed=${name}") == "seed is 'run'; expected a whole number of at least 0");
  CHECK(refused("name=a ${optimizer}") == "${optimizer} is a map, which cannot stand in a text");
  CHECK(refused("name=a ${train.max_steps}") ==
        "${train.max_steps} is empty, which cannot stand in a text");
  CHECK(refused("seed=${seed}") == "the references go round in a circle: ${seed} -> ${seed}");
  CHECK(refused("model.hidden=${model}") ==
        "the references go round in a circle: ${model} -> ${model}");
  CHECK(refused("train={batch_size: ${seed}}") ==
        "not YAML: end of map flow not found; within {} and [] a reference stands in quotes: "
        "\"${...}\"");
  const Environment secret("RUNNER_SECRET", "of sixteen bytes");
  CHECK(refused("name=${env:RUNNER_SECRET}") ==
        "RUNNER_SECRET cannot stand in a recipe: a run records the values of its recipe");
  const Environment home("RUNNER_TEST_HOME", "/home/ada"), list("RUNNER_TEST_LIST", "[1");
  CHECK(refused("name=${oc.env:RUNNER_TEST_HOME}") ==
        "${oc.env:RUNNER_TEST_HOME}: the recipe has no value 'oc.env:RUNNER_TEST_HOME'; the "
        "environment's is ${env:RUNNER_TEST_HOME}");
  CHECK(mistakes("small.yaml", {"model.hidden=${env:RUNNER_TEST_LIST}"}) ==
        "the environment's RUNNER_TEST_LIST:1:1: not YAML: end of sequence flow not found\n"
        "    1 | [1\n"
        "      | ^\n");
  CHECK(
      mistakes("small.yaml", {"seed=${train.epochs}", "train.epochs=${name}", "name=${seed}",
                              "optimizer.lr=no"}) ==
      "argument 'name=${seed}': the references go round in a circle: ${seed} -> ${train.epochs} -> "
      "${name} -> ${seed}\n"
      "    1 | name=${seed}\n"
      "      |      ^\n"
      "argument 'optimizer.lr=no': optimizer.lr is 'no'; expected a number of at least 0\n"
      "    1 | optimizer.lr=no\n"
      "      |              ^\n");
}

TEST_CASE("references that would repeat values without end are refused") {
  const RecipeFolder folder;
  std::string text = smallest;
  text += "a0: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n";
  for (int i = 1; i < 9; ++i) {
    text += "a" + std::to_string(i) + ":\n";
    for (int j = 0; j < 10; ++j) text += "  - ${a" + std::to_string(i - 1) + "}\n";
  }
  folder.write("laughs.yaml", text);
  CHECK(mistakes("laughs.yaml").find("more than 100000 values, counting what references repeat") !=
        std::string::npos);
  text = std::string(smallest) + "a:\n";
  for (int i = 1; i < 5000; ++i) text += "  - ${a[" + std::to_string(i) + "]}\n";
  folder.write("chain.yaml", text);
  CHECK(mistakes("chain.yaml").find("more than 64 references, each of which refers to the next") !=
        std::string::npos);
}

TEST_CASE("references are resolved for each point of a matrix, and the environment for all") {
  const RecipeFolder folder;
  folder.write("sweep.yaml", std::string(smallest) +
                                 "name: b${train.batch_size}\n"
                                 "eval: {batch_size: '${train.batch_size}'}\n"
                                 "matrix:\n"
                                 "  train.batch_size: ${env:RUNNER_TEST_SIZES,[8, 16]}\n"
                                 "  optimizer.lr: [0.1, '${train.batch_size}']\n"
                                 "sweep: {retries: '${seed}'}\n");
  const auto sweep = sweep_of("sweep.yaml", {"seed=2"});
  CHECK(sweep.name() == "sweep");
  CHECK(sweep.options().retries == 2);
  REQUIRE(sweep.cells().size() == 4);
  CHECK(sweep.parameters_of(sweep.cells()[3]) ==
        Json{{"train.batch_size", 16}, {"optimizer.lr", 16}});
  const auto recipe = sweep.recipe_of(sweep.cells()[2]);
  CHECK(recipe.config["eval"]["batch_size"] == 16);
  CHECK(recipe.config["optimizer"]["lr"] == 0.1);
  CHECK(recipe.config["name"] == "b16");
  const Environment sizes("RUNNER_TEST_SIZES", "[1, 2, 3]");
  CHECK(sweep_of("sweep.yaml").cells().size() == 6);
}
