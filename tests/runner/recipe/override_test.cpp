#include "runner/recipe/override.hpp"

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

TEST_CASE("an argument that is no UTF-8, or has control characters, is refused with the place") {
  const auto problem = [](const std::string& argument) {
    Problems problems;
    parse_override(argument, problems);
    return problems.all().at(0).place.column == 8 ? problems.all().at(0).message
                                                  : problems.render();
  };
  CHECK(problem("name=\"a\x80\" b") == "not UTF-8, which recipes are written in");
  CHECK(problem("name=a \x80") == "not UTF-8, which recipes are written in");
  CHECK(problem("a.field\x80=1") == "not UTF-8, which recipes are written in");
  CHECK(
      problem("name=a \x1b") ==
      "the control character \\x1b, which YAML does not allow; in double quotes it can be written "
      "so");
}

TEST_CASE("behind a closing quote there is nothing") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  CHECK(
      mistakes("small.yaml", {"name='a' #b"}) ==
      "argument 'name='a' #b': there is more behind the closing quote; expected the whole text in "
      "quotes: 'name=\"'\\''a'\\'' #b\"'\n"
      "    1 | name='a' #b\n"
      "      |      ^\n");
  CHECK(mistakes("small.yaml", {R"(name="a\"" #b)"}).find("more behind") != std::string::npos);
  CHECK(read_recipe("small.yaml", {"name='it''s'"}).config["name"] == "it's");
  CHECK(read_recipe("small.yaml", {R"(name="a\"b")"}).config["name"] == "a\"b");
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

TEST_CASE("an argument replaces one element of a list, by the path that show prints") {
  const RecipeFolder folder;
  folder.write("groups.yaml",
               "model: {name: mlp, hidden: [16, 32]}\ndataset: mnist\nloss: cross_entropy\n"
               "optimizer: {name: sgd, lr: 0.1, groups: [{match: '*.bias', lr: 0.5}]}\n"
               "eval: {metrics: [{name: top_k, k: 2}, f1]}\n");
  const auto read = [](const std::string& argument) {
    return read_recipe("groups.yaml", {argument});
  };
  const auto group = [](const Recipe& recipe) { return recipe.config["optimizer"]["groups"][0]; };
  const auto lr = read("optimizer.groups[0].lr=0.3");
  CHECK(group(lr) == Json({{"match", "*.bias"}, {"lr", 0.3}}));
  CHECK(origin(lr, "optimizer.groups[0].lr") == "argument optimizer.groups[0].lr=0.3");
  CHECK(origin(lr, "optimizer.groups[0].match") == "groups.yaml:4:50");
  CHECK(group(read("optimizer.groups.0.lr=0.3")) == group(lr));
  CHECK(group(read("optimizer.groups[0].momentum=0.9"))["momentum"] == 0.9);
  CHECK(group(read("optimizer.groups[0].name=adamw")) ==
        Json({{"name", "adamw"}, {"match", "*.bias"}, {"lr", 0.5}}));
  const auto metrics = [](const Recipe& recipe) { return recipe.config["eval"]["metrics"]; };
  CHECK(metrics(read("eval.metrics[0].k=3"))[0] == Json({{"name", "top_k"}, {"k", 3}}));
  CHECK(metrics(read("eval.metrics[0]=perplexity"))[0] == Json({{"name", "perplexity"}}));
  CHECK(metrics(read("eval.metrics[0]=top_k"))[0] == Json({{"name", "top_k"}, {"k", 2}}));
  CHECK(metrics(read("eval.metrics[1]={name: top_k, k: 4}"))[1]["k"] == 4);
  CHECK(metrics(read("eval.metrics[0].name=perplexity"))[0] == Json({{"name", "perplexity"}}));
  const auto hidden = read("model.hidden[1]=64");
  CHECK(hidden.config["model"]["hidden"] == Json({16, 64}));
  CHECK(origin(hidden, "model.hidden") == "argument model.hidden[1]=64");
}

TEST_CASE("an element of a default is replaced as one of the recipe's") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  const auto recipe = read_recipe(
      "small.yaml", {"model.hidden[0]=64", "optimizer=adamw", "optimizer.betas[1]=0.99"});
  CHECK(recipe.config["model"]["hidden"] == Json({64}));
  CHECK(origin(recipe, "model.hidden") == "argument model.hidden[0]=64");
  CHECK(recipe.config["optimizer"]["betas"] == Json({0.9, 0.99}));
}

TEST_CASE("an element that a list does not have is refused with how many it has") {
  const RecipeFolder folder;
  folder.write("small.yaml", std::string(smallest) + "eval: {metrics: [f1, top_k]}\n");
  CHECK(mistakes("small.yaml",
                 {"eval.metrics[2].k=3", "model.hidden[1]=3", "optimizer.groups[0].lr=1",
                  "topology[0].threads=1", "seed[x]=1", "seed[0]=1"}) ==
        "argument 'eval.metrics[2].k=3': eval.metrics has 2 elements, [0] to [1]: there is no [2]\n"
        "    1 | eval.metrics[2].k=3\n"
        "      |             ^\n"
        "argument 'model.hidden[1]=3': model.hidden has 1 element, [0]: there is no [1]\n"
        "    1 | model.hidden[1]=3\n"
        "      |             ^\n"
        "argument 'optimizer.groups[0].lr=1': optimizer.groups is an empty list: there is no [0]\n"
        "    1 | optimizer.groups[0].lr=1\n"
        "      |                 ^\n"
        "argument 'seed[0]=1': seed is a map; expected a whole number of at least 0\n"
        "    1 | seed[0]=1\n"
        "      |     ^\n"
        "argument 'seed[x]=1': expected path=value, such as optimizer.lr=0.1\n"
        "    1 | seed[x]=1\n"
        "      | ^\n"
        "argument 'topology[0].threads=1': topology 'auto' has no field '[0]'; expected one of "
        "threads, launcher, heartbeat, timeout, restarts\n"
        "    1 | topology[0].threads=1\n"
        "      |         ^\n");
}

TEST_CASE("the merge keys of YAML 1.1 take a map's entries over, and its own win") {
  const RecipeFolder folder;
  folder.write("merged.yaml",
               std::string(smallest) +
                   "train: &train\n  <<: {batch_size: 10, epochs: 3}\n  epochs: 1\n"
                   "eval: {batch_size: 7, <<: [{batch_size: 8, on: train}, {on: eval}]}\n");
  const auto recipe = read_recipe("merged.yaml");
  CHECK(recipe.config["train"]["batch_size"] == 10);
  CHECK(recipe.config["train"]["epochs"] == 1);
  CHECK(recipe.config["eval"]["batch_size"] == 7);
  CHECK(recipe.config["eval"]["on"] == "train");
  CHECK(origin(recipe, "train.batch_size") == "merged.yaml:6:20");
  folder.write("alias.yaml", std::string(smallest) +
                                 "scheduler: {name: chained, schedulers: [&s {name: step, gamma: "
                                 "0.5}, {<<: *s, gamma: 0.2}]}\n");
  CHECK(read_recipe("alias.yaml").config["scheduler"]["schedulers"][1]["gamma"] == 0.2);
  folder.write("no_map.yaml", std::string(smallest) + "train: {<<: 3}\neval: {<<: [3]}\n");
  CHECK(
      mistakes("no_map.yaml") ==
      "no_map.yaml:5:13: << takes over the entries of a map; expected a map, or a list of maps; a "
      "whole recipe is taken over by extends\n"
      "    5 | train: {<<: 3}\n"
      "      |             ^\n"
      "no_map.yaml:6:13: << takes over the entries of a map; expected a map, or a list of maps; a "
      "whole recipe is taken over by extends\n"
      "    6 | eval: {<<: [3]}\n"
      "      |             ^\n");
}

namespace {

/// What is said of one argument, without where it stands.
std::string said_of(const std::string& argument) {
  const auto text = mistakes("small.yaml", {argument});
  const auto begin = text.find("': ") + 3;
  return text.substr(begin, text.find('\n') - begin);
}

}  // namespace

TEST_CASE("a field without its path is answered with the path, and several values with a matrix") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  CHECK(said_of("lr=0.1") == "a recipe has no key 'lr'; did you mean optimizer.lr=0.1?");
  CHECK(said_of("epochs=3") == "a recipe has no key 'epochs'; did you mean train.epochs=3?");
  CHECK(said_of("batch_size=3") ==
        "a recipe has no key 'batch_size'; did you mean train.batch_size=3 or eval.batch_size=3?");
  CHECK(said_of("train.lr=0.1") == "'train' has no field 'lr'; did you mean optimizer.lr=0.1?");
  CHECK(said_of("lr=0.1,0.2") ==
        "a recipe has no key 'lr'; did you mean optimizer.lr? a run for each value is "
        "'matrix.optimizer.lr=[0.1,0.2]'");
  CHECK(said_of("optimizer.lr=0.1,0.2") ==
        "optimizer.lr is '0.1,0.2'; expected a number of at least 0; a run for each value is "
        "'matrix.optimizer.lr=[0.1,0.2]'");
  CHECK(said_of("optimizer.lr=[0.1, 0.2]") ==
        "optimizer.lr is [0.1,0.2]; expected a number of at least 0; a run for each value is "
        "'matrix.optimizer.lr=[0.1,0.2]'");
  CHECK(said_of("optimizer.lr=0.1,fast") ==
        "optimizer.lr is '0.1,fast'; expected a number of at least 0");
  CHECK(said_of("optimizer=sgd,adamw") ==
        "no optimizer is called 'sgd,adamw'; a run for each value is "
        "'matrix.optimizer=[sgd,adamw]'");
  CHECK(said_of("save.keep_best.lr=0.1") ==
        "'save.keep_best' has no field 'lr'; did you mean optimizer.lr=0.1?");
  folder.write("small.yaml", std::string(smallest) + "eval: {metrics: [f1, top_k]}\n");
  CHECK(said_of("eval.k=3") == "'eval' has no field 'k'; did you mean eval.metrics[1].k=3?");
  folder.write("file.yaml", std::string(smallest) + "lr: 0.1\n");
  CHECK(mistakes("file.yaml") ==
        "file.yaml:5:1: a recipe has no key 'lr'; did you mean optimizer.lr?\n"
        "    5 | lr: 0.1\n"
        "      | ^\n");
}

TEST_CASE("PyTorch's and Lightning's names are answered with ours") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  CHECK(said_of("optimizer=SGD") == "no optimizer is called 'SGD'; did you mean 'sgd'?");
  CHECK(said_of("optimizer=AdamW") == "no optimizer is called 'AdamW'; did you mean 'adamw'?");
  CHECK(said_of("precision=16-mixed") ==
        "no precision is called '16-mixed'; did you mean 'bf16-mixed' or 'fp16-mixed'?");
  CHECK(said_of("precision=32") == "no precision is called '32'; did you mean 'fp32'?");
  CHECK(said_of("precision=16") ==
        "no precision is called '16'; did you mean 'bf16-mixed' or 'fp16-mixed'?");
  CHECK(said_of("precision=bfloat16") ==
        "no precision is called 'bfloat16'; did you mean 'bf16-mixed'?");
  CHECK(said_of("precision=float64") == "no precision is called 'float64'; did you mean 'fp64'?");
  CHECK(said_of("loss=CrossEntropyLoss") ==
        "no loss is called 'CrossEntropyLoss'; did you mean 'cross_entropy'?");
  CHECK(said_of("scheduler=CosineAnnealingLR") ==
        "no scheduler is called 'CosineAnnealingLR'; did you mean 'cosine'?");
  CHECK(said_of("scheduler=StepLR") == "no scheduler is called 'StepLR'; did you mean 'step'?");
}
