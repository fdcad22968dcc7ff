#include "runner/recipe/recipe.hpp"

#include "runner/recipe/sections.hpp"
#include "runner/recipe/yaml.hpp"
#include "tests/runner/recipe/recipes.hpp"

#include <doctest/doctest.h>

using namespace runner;
namespace fs = std::filesystem;

TEST_CASE("a bare name takes every default, and the file's name is the recipe's") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  const auto recipe = read_recipe("small.yaml");
  CHECK(recipe.config == Json::parse(R"({
    "name": "small", "seed": 1, "deterministic": false, "detect_anomaly": false, "ledger": "off",
    "model": {"name": "mlp", "hidden": [128], "dropout": 0.0},
    "dataset": {"name": "mnist", "root": null, "mean": 0.1307, "std": 0.3081, "fallback": null},
    "loss": {"name": "cross_entropy", "label_smoothing": 0.0, "weight": [], "ignore_index": -100},
    "optimizer": {"name": "sgd", "lr": 1e-4, "momentum": 0.0, "dampening": 0.0, "weight_decay": 0.0,
                  "nesterov": false, "maximize": false, "groups": []},
    "scheduler": {"name": "constant", "warmup": null, "warmup_start": 0.0},
    "precision": {"name": "fp32"},
    "topology": {"name": "auto", "threads": null, "launcher": "auto", "heartbeat": 10.0,
                 "timeout": 120.0, "restarts": 0},
    "train": {"batch_size": 64, "epochs": 1, "max_steps": null, "max_time": null, "limit_batches": null,
              "accumulate": 1,
              "micro_batch_size": null, "clip_norm": null, "clip_value": null, "ema_decay": null,
              "gradient_noise": false, "cuda_graph": false},
    "eval": {"batch_size": 1000, "every": "1 epoch", "on": "eval", "limit_batches": null,
             "metrics": []},
    "log": {"every": "10 steps", "system_seconds": 10.0},
    "save": {"every": "1 epoch", "keep_last": 2, 
             "keep_best": {"metric": "eval/loss", "mode": "min", "n": 1}},
    "record": {"environment": true, "git_diff": true},
    "init_from": {"weights": null, "average": true, "strict": true, "rename": []},
    "early_stopping": {"metric": "eval/loss", "mode": "min", "patience": null, "min_delta": 0.0,
                       "divergence_threshold": null},
    "profile": {"steps": 0, "skip": 10}})"));
}

TEST_CASE("every value knows where it came from") {
  const RecipeFolder folder;
  folder.write("base.yaml", smallest);
  folder.write("derived.yaml", "extends: base.yaml\ntrain:\n  epochs: 3\n");
  const auto recipe = read_recipe("derived.yaml", {"optimizer.momentum=0.9"});
  CHECK(origin(recipe, "model.name") == "base.yaml:1:8");
  CHECK(origin(recipe, "optimizer.lr") == "base.yaml:4:28");
  CHECK(origin(recipe, "train.epochs") == "derived.yaml:3:11");
  CHECK(origin(recipe, "optimizer.momentum") == "argument optimizer.momentum=0.9");
  CHECK(origin(recipe, "optimizer.nesterov") == "default");
}

TEST_CASE("lines of a file that is extended and is no recipe are not shown") {
  const RecipeFolder folder;
  folder.write("secret.txt", "root:\tx: y: z\n");
  folder.write("secret.yaml", "password: hunter2\n");
  folder.write("base.yaml", "trian: {epochs: 1}\nseed: 1\n");
  const auto error = [&](const std::string& base) {
    folder.write("recipe.yaml", "extends: " + base + "\n");
    try {
      read_recipe("recipe.yaml");
    } catch (const RecipeError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(error("secret.txt").starts_with("secret.txt:1:"));
  CHECK(error("secret.txt").find("x: y") == std::string::npos);
  CHECK(error("secret.yaml").find("secret.yaml:1:1: a recipe has no key 'password'") !=
        std::string::npos);
  CHECK(error("secret.yaml").find("hunter2") == std::string::npos);
  CHECK(error("base.yaml").find("    1 | trian: {epochs: 1}\n      | ^\n") != std::string::npos);
}

TEST_CASE("a no-break space and a next line can be written as YAML's escapes") {
  Problems problems;
  const auto source = std::make_shared<Source>(Source{"a.yaml", R"("a\_b\N": "\_")", false});
  const auto tree = parse_yaml({source, 1, 1}, source->text, problems);
  REQUIRE(tree);
  CHECK(tree->entries.at(0).key == "a\u00a0b\u0085");
  CHECK(tree->entries.at(0).value.scalar == "\u00a0");
}

TEST_CASE("overrides are laid over the recipe in their order") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  CHECK(read_recipe("small.yaml", {"seed=2", "seed=3"}).config["seed"] == 3);
  CHECK(read_recipe("small.yaml", {"model.hidden=[4, 5]"}).config["model"]["hidden"] ==
        Json({4, 5}));
  CHECK(read_recipe("small.yaml", {"name=a=b"}).config["name"] == "a=b");
  CHECK(read_recipe("small.yaml", {"topology={name: single, threads: 2}"})
            .config["topology"]["threads"] == 2);
}

TEST_CASE("naming another component drops the fields of the old one") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  const auto other = read_recipe("small.yaml", {"optimizer=adamw"});
  CHECK(other.config["optimizer"]["lr"] == 1e-3);
  CHECK(origin(other, "optimizer.lr") == "default");
  const auto same = read_recipe("small.yaml", {"optimizer=sgd"});
  CHECK(same.config["optimizer"]["lr"] == 1e-4);
  const auto field = read_recipe("small.yaml", {"optimizer=adamw", "optimizer.lr=0.5"});
  CHECK(field.config["optimizer"]["lr"] == 0.5);
}

TEST_CASE("fields of a component that has a default need no name") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  const auto recipe = read_recipe("small.yaml", {"topology.threads=2"});
  CHECK(recipe.config["topology"] == Json({{"name", "auto"},
                                           {"threads", 2},
                                           {"launcher", "auto"},
                                           {"heartbeat", 10.0},
                                           {"timeout", 120.0},
                                           {"restarts", 0}}));
  CHECK(origin(recipe, "topology.name") == "default");
}

TEST_CASE(
    "of several recipes extended the later wins, and paths are relative to the file that names "
    "them") {
  const RecipeFolder folder;
  folder.write("a/base.yaml", std::string(smallest) + "seed: 10\ntrain: {epochs: 10}\n");
  folder.write("a/more.yaml", "seed: 11\n");
  folder.write("top.yaml", "extends: [a/base.yaml, a/more.yaml]\ntrain: {batch_size: 8}\n");
  const auto recipe = read_recipe("top.yaml");
  CHECK(recipe.config["seed"] == 11);
  CHECK(recipe.config["train"]["batch_size"] == 8);
  CHECK(recipe.config["train"]["epochs"] == 10);
}

TEST_CASE("the same base may be reached on two ways without being a circle") {
  const RecipeFolder folder;
  folder.write("base.yaml", smallest);
  folder.write("left.yaml", "extends: base.yaml\nseed: 5\n");
  folder.write("right.yaml", "extends: base.yaml\n");
  folder.write("both.yaml", "extends: [right.yaml, left.yaml]\n");
  CHECK(read_recipe("both.yaml").config["seed"] == 5);
}

TEST_CASE("mistakes in arguments name the argument, all at once") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  CHECK(mistakes("small.yaml", {"optimizer.lr=fast", "train.epocs=1", "foo", "=3", "a..b=1",
                                "model=", "seed=[1"}) ==
        "argument '=3': expected path=value, such as optimizer.lr=0.1\n"
        "    1 | =3\n"
        "      | ^\n"
        "argument 'a..b=1': expected path=value, such as optimizer.lr=0.1\n"
        "    1 | a..b=1\n"
        "      | ^\n"
        "argument 'foo': expected path=value, such as optimizer.lr=0.1\n"
        "    1 | foo\n"
        "      | ^\n"
        "argument 'model=': model has no name; expected one of cnn, mlp, mnist_cnn, resnet, "
        "bigram, alone or "
        "as {name: ..., field: ...}\n"
        "    1 | model=\n"
        "      |       ^\n"
        "argument 'optimizer.lr=fast': optimizer.lr is 'fast'; expected a number of at least 0\n"
        "    1 | optimizer.lr=fast\n"
        "      |              ^\n"
        "argument 'seed=[1': not YAML: end of sequence flow not found\n"
        "    1 | seed=[1\n"
        "      |      ^\n"
        "argument 'train.epocs=1': 'train' has no field 'epocs'; did you mean 'epochs'?\n"
        "    1 | train.epocs=1\n"
        "      |       ^\n");
}

TEST_CASE("a recipe that is not there, a folder and a huge file are refused by name") {
  const RecipeFolder folder;
  CHECK(
      mistakes("nowhere.yaml") ==
      "argument 'nowhere.yaml': cannot read the recipe nowhere.yaml: No such file or directory\n");
  fs::create_directory("folder.yaml");
  CHECK(mistakes("folder.yaml") ==
        "argument 'folder.yaml': cannot read the recipe folder.yaml: it is a folder\n");
  folder.write("huge.yaml", std::string((1 << 20) + 1, '#'));
  CHECK(mistakes("huge.yaml") ==
        "argument 'huge.yaml': cannot read the recipe huge.yaml: it is larger than 1 MiB, which no "
        "recipe is\n");
}

TEST_CASE("plain scalars follow YAML 1.2") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  const auto name = [](const std::string& text) {
    return read_recipe("small.yaml", {"name=" + text}).config["name"];
  };
  CHECK(name("no") == "no");
  CHECK(name("on") == "on");
  CHECK(name("'010'") == "010");
  CHECK(name("1.2.3") == "1.2.3");
  CHECK(name("12:30:45") == "12:30:45");
  const auto lr = [](const std::string& text) {
    return read_recipe("small.yaml", {"optimizer.lr=" + text}).config["optimizer"]["lr"];
  };
  CHECK(lr("1e-4") == 1e-4);
  CHECK(lr("1.e2") == 100.0);
  CHECK(lr(".5") == 0.5);
  CHECK(lr("+5") == 5.0);
  CHECK(lr("0x10") == 16.0);
  CHECK(lr("0o17") == 15.0);
  CHECK_FALSE(mistakes("small.yaml", {"optimizer.lr=.nan"}).empty());
  CHECK_FALSE(mistakes("small.yaml", {"optimizer.lr=.inf"}).empty());
  CHECK_FALSE(mistakes("small.yaml", {"optimizer.lr=1e999"}).empty());
}

TEST_CASE("an alias stands for what it names") {
  const RecipeFolder folder;
  folder.write("alias.yaml",
               "seed: &n 7\nmodel: {name: mlp, hidden: [*n, *n]}\ndataset: mnist\nloss: "
               "cross_entropy\noptimizer: sgd\n");
  CHECK(read_recipe("alias.yaml").config["model"]["hidden"] == Json({7, 7}));
}

TEST_CASE("the shipped recipes are valid") {
  for (const auto& entry : fs::directory_iterator(fs::path(RUNNER_SOURCE_DIR) / "recipes"))
    if (entry.path().extension() == ".yaml") {
      CAPTURE(entry.path());
      CHECK(mistakes(entry.path()) == "");
    }
}

TEST_CASE("components in a list get their defaults, and each value knows where it came from") {
  const RecipeFolder folder;
  folder.write("chained.yaml", std::string(smallest) +
                                   "scheduler:\n"
                                   "  name: chained\n"
                                   "  schedulers:\n"
                                   "    - {name: step, gamma: 0.5}\n"
                                   "    - constant\n");
  const auto recipe = read_recipe("chained.yaml");
  CHECK(recipe.config["scheduler"] == Json::parse(R"({
    "name": "chained",
    "schedulers": [
      {"name": "step", "step_size": 1, "gamma": 0.5, "interval": "epoch", "warmup": null,
       "warmup_start": 0.0},
      {"name": "constant", "warmup": null, "warmup_start": 0.0}],
    "milestones": null, "interval": "epoch", "warmup": null, "warmup_start": 0.0})"));
  CHECK(origin(recipe, "scheduler.schedulers[0].name") == "chained.yaml:8:14");
  CHECK(origin(recipe, "scheduler.schedulers[0].gamma") == "chained.yaml:8:27");
  CHECK(origin(recipe, "scheduler.schedulers[0].step_size") == "default");
  CHECK(origin(recipe, "scheduler.schedulers[1].name") == "chained.yaml:9:7");
  CHECK(origin(recipe, "scheduler.schedulers") == "");
  for (const auto& [path, from] : recipe.origins) CHECK_NOTHROW(value_at(recipe.config, path));
  CHECK(value_at(recipe.config, "scheduler.schedulers[0].gamma") == 0.5);
}

TEST_CASE("an argument replaces a whole list of components") {
  const RecipeFolder folder;
  folder.write("chained.yaml", std::string(smallest) +
                                   "scheduler: {name: chained, schedulers: [step, constant]}\n");
  const auto recipe = read_recipe(
      "chained.yaml", {"scheduler.schedulers=[{name: exponential, gamma: 0.9}]", "seed=2"});
  CHECK(recipe.config["scheduler"]["schedulers"].size() == 1);
  CHECK(recipe.config["scheduler"]["schedulers"][0]["gamma"] == 0.9);
  CHECK(origin(recipe, "scheduler.schedulers[0].gamma") ==
        "argument scheduler.schedulers=[{name: exponential, gamma: 0.9}]");
}

TEST_CASE("whether more of a metric is better is filled in as the metric says") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  const auto recipe = read_recipe(
      "small.yaml", {"early_stopping={metric: eval/f1}", "eval.metrics=[f1, {name: top_k, k: 2}]",
                     "save.keep_best.metric=eval/top_2",
                     "scheduler={name: reduce_on_plateau, metric: eval/accuracy}"});
  CHECK(recipe.config.at("early_stopping").at("mode") == "max");
  CHECK(recipe.config.at("save").at("keep_best").at("mode") == "max");
  CHECK(recipe.config.at("scheduler").at("mode") == "max");
  CHECK(origin(recipe, "early_stopping.mode") == "metric");
  CHECK(read_recipe("small.yaml", {}).config.at("early_stopping").at("mode") == "min");
}

TEST_CASE("a mode that contradicts its metric is refused") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  const auto refused = [](const std::string& argument) {
    const auto text = mistakes("small.yaml", {argument});
    const auto begin = text.find("': ") + 3;
    return text.substr(begin, text.find('\n') - begin);
  };
  CHECK(refused("early_stopping={metric: eval/accuracy, mode: min}") ==
        "early_stopping.mode is min, but more of eval/accuracy is better; expected max, or no "
        "mode");
  CHECK(refused("save.keep_best.mode=max") ==
        "save.keep_best.mode is max, but less of eval/loss is better; expected min, or no mode");
  CHECK(refused("scheduler={name: reduce_on_plateau, metric: train/loss, mode: max}") ==
        "scheduler.mode is max, but less of train/loss is better; expected min, or no mode");
}

TEST_CASE("fields of a scheduler that are wrong together are refused") {
  const RecipeFolder folder;
  folder.write("small.yaml", smallest);
  const auto refused = [](const std::string& scheduler) {
    const auto text = mistakes("small.yaml", {"scheduler=" + scheduler});
    const auto begin = text.find("': ") + 3;
    return text.substr(begin, text.find('\n') - begin);
  };
  CHECK(refused("chained") ==
        "scheduler 'chained': schedulers are missing; expected a list of at least one");
  CHECK(refused("{name: chained, schedulers: [step, {name: chained, schedulers: [step]}]}") ==
        "scheduler 'chained': 'chained' cannot be one of its schedulers");
  CHECK(refused("{name: chained, schedulers: [reduce_on_plateau]}") ==
        "scheduler 'chained': 'reduce_on_plateau' cannot be one of its schedulers");
  CHECK(refused("{name: chained, schedulers: [step, constant], milestones: [3, 4]}") ==
        "scheduler 'chained': milestones has 2 numbers; expected one fewer than the 2 schedulers");
  CHECK(refused("{name: chained, schedulers: [step, step, step], milestones: [4, 4]}") ==
        "scheduler 'chained': milestones must ascend");
  CHECK(refused("multistep") ==
        "scheduler 'multistep': milestones are missing; expected a list such as [30, 80]");
  CHECK(refused("{name: multistep, milestones: [3, 2]}") ==
        "scheduler 'multistep': milestones must ascend");
  CHECK(refused("{name: one_cycle, three_phase: true, pct_start: 0.6}") ==
        "scheduler 'one_cycle': three_phase goes down as long as up: pct_start must be at most "
        "0.5");
  CHECK(refused("{name: reduce_on_plateau, factor: 1}") ==
        "scheduler.factor is 1; expected a number of at least 0 and below 1");
}
