#include "registry/description.hpp"
#include "tests/program/program.hpp"
#include "tests/program/recorded.hpp"

#include <sstream>

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("a misspelt command is answered with the nearest one") {
  const TemporaryDirectory folder;
  const auto printed = run(folder.path(), {"lst"});
  CHECK(printed.code == 2);
  CHECK(printed.err == "runner: there is no command 'lst'; did you mean 'list'?\n");
}

TEST_CASE("an option that is a value of the recipe is answered with how that is written") {
  const TemporaryDirectory folder;
  const auto refused = [&](std::vector<std::string> words) {
    const auto printed = run(folder.path(), std::move(words));
    CHECK(printed.code == 2);
    return printed.err;
  };
  CHECK(refused({"run", "synthetic", "--epochs=3"}) ==
        "runner: runner run has no option --epochs; did you mean train.epochs=3?\n");
  CHECK(refused({"run", "synthetic", "--lr", "0.1"}) ==
        "runner: runner run has no option --lr; did you mean optimizer.lr=0.1?\n");
  CHECK(refused({"run", "synthetic", "--optimizer.lr=0.1"}) ==
        "runner: runner run has no option --optimizer.lr; did you mean optimizer.lr=0.1?\n");
  CHECK(refused({"run", "synthetic", "--dryrun"}) ==
        "runner: runner run has no option --dryrun; did you mean --dry-run?\n");
  CHECK(
      refused({"sweep", "show", "mlp", "--epochs=3"}) ==
      "runner: runner sweep show has no option --epochs; runner sweep show --help lists those that "
      "there are\n");
}

TEST_CASE(
    "a recipe has a bare name: a file, NAME.yaml, recipes/NAME.yaml, then what is installed") {
  const TemporaryDirectory folder;
  const std::string recipe =
      "model: mlp\ndataset: synthetic\nloss: cross_entropy\noptimizer: {name: sgd, lr: 0.1}\n";
  const auto found = [&](std::vector<std::string> words) {
    const auto printed = run(folder.path(), std::move(words));
    CHECK(printed.code == 0);
    return printed.err;
  };
  const auto installed = std::filesystem::path(runner_executable()).parent_path().parent_path() /
                         "share/runner/recipes";
  std::filesystem::create_directory(folder.path() / "synthetic");  // no folder is a recipe
  CHECK(found({"run", "synthetic", "--dry-run"}) ==
        "runner: the recipe synthetic is " + (installed / "synthetic.yaml").string() + "\n");
  std::filesystem::remove(folder.path() / "synthetic");
  std::filesystem::create_directory(folder.path() / "recipes");
  folder.write("recipes/synthetic.yaml", recipe);
  const auto in_folder = "runner: the recipe synthetic is recipes/synthetic.yaml\n";
  CHECK(found({"run", "synthetic", "--dry-run"}) == in_folder);
  CHECK(found({"run", "synthetic", "--dry-run", "matrix={seed: [1, 2]}"}) == in_folder);
  CHECK(found({"plot", "--schedule", "synthetic"}) == in_folder);
  CHECK(found({"submit", "synthetic", "--nodes", "1", "--print"}) == in_folder);
  CHECK(run(folder.path(), {"validate", "synthetic"}).out == "recipes/synthetic.yaml: valid\n");
  folder.write("synthetic.yaml", recipe);
  CHECK(found({"run", "synthetic", "--dry-run"}) ==
        "runner: the recipe synthetic is synthetic.yaml\n");
  folder.write("synthetic", recipe);
  CHECK(found({"run", "synthetic", "--dry-run"}).empty());
}

TEST_CASE("a recipe's name that nobody has is answered with the nearest, and nothing is trained") {
  const TemporaryDirectory folder;
  const std::string said =
      "no recipe is called 'mnits', here, in recipes/ or installed; did you mean 'mnist'?\n";
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"run", "mnits"},
                                             {"plot", "--schedule", "mnits"},
                                             {"lr-find", "mnits"},
                                             {"batch-find", "mnits"},
                                             {"verify", "equivalence", "mnits"},
                                             {"submit", "mnits", "--nodes", "1"}}) {
    const auto printed = run(folder.path(), words);
    CHECK(printed.code == 2);
    CHECK(printed.err == "runner: " + said);
  }
  const auto checked = run(folder.path(), {"validate", "synthetic", "mnits"});
  CHECK(checked.code == 2);
  CHECK(checked.err == said);
  const auto race = run(folder.path(), {"race", "synthetic", "mnits", "--db", "none.db"});
  CHECK(race.code == 2);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "none.db"));
}

TEST_CASE("what cannot be printed is a failure; a reader that has enough is none") {
  const TemporaryDirectory folder;
  record_run(folder, "small", 0.1, 20, [](int) { return 1.0; });
  const auto shell = [&](const std::string& line) {
    return Program::command(folder.path(), {"bash", "-c", line}).wait();
  };
  for (const auto* words : {"list", "show --json", "completion bash", "--help", "complete -- l"}) {
    CAPTURE(words);
    const auto lost = shell(runner_executable() + " " + words + " > /dev/full");
    CHECK(lost.code == 1);
    CHECK(lost.err.starts_with("runner: cannot write standard output"));
  }
  const auto enough = shell("(" + runner_executable() + " components; echo $? >&2) | true");
  CHECK(enough.err.find("cannot write") == std::string::npos);
}

TEST_CASE("a message that finds no room is lost, and changes neither the exit code nor the run") {
  const TemporaryDirectory folder;
  const auto code = [&](const std::string& words) {
    const auto line = runner_executable() + " " + words + " > out 2> /dev/full";
    return Program::command(folder.path(), {"bash", "-c", line}).wait().code;
  };
  CHECK(code("lst") == 2);
  CHECK(code("run missing.yaml") == 2);
  CHECK(code("show last") == 2);
  const auto recipe = std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml";
  // Of nothing to profile the run warns, at its end.
  CHECK(code("run " + recipe + " train.epochs=1 --profile profile.skip=1000") == 0);
  CHECK(last_run(folder, "status").at("status") == "done");
}

TEST_CASE("an option that would do nothing is refused") {
  const TemporaryDirectory folder;
  const auto id = record_run(folder, "small", 0.1, 20, [](int) { return 1.0; });
  const auto refused = [&](std::vector<std::string> words) {
    const auto printed = run(folder.path(), words);
    CHECK(printed.code == 2);
    return printed.err;
  };
  CHECK(refused({"export", "last", "--to", "a.safetensors", "--metric", "x"}) ==
        "runner: --metric is of metrics, and a safetensors file holds weights\n");
  CHECK(refused({"export", "last", "--to", "a.csv", "--ema"}) ==
        "runner: --ema is of weights: --to FILE.safetensors\n");
  CHECK(refused({"export", "last", "--to", "a.db", "--wide"}) ==
        "runner: --wide is of tables: csv, jsonl and parquet\n");
  CHECK(refused({"export", "last", "--to", "-", "--format", "csv", "--json"}) ==
        "runner: --json says what was written, and standard output has the points themselves\n");
  CHECK(refused({"plot", "last", "--mode", "min"}) ==
        "runner: --mode is of a sweep, and last is a run\n");
  CHECK(refused({"plot", "last", "small", "--confusion"}) ==
        "runner: a confusion matrix is of one run: runner plot RUN --confusion\n");
  CHECK(refused({"watch", "last", "--metric", "train/los"}) ==
        "runner: run " + id + " has no metric 'train/los'; did you mean 'train/loss'?\n");
  CHECK(refused({"list", "--sql", "SELECT 1", "--limit", "3"}) != "");
  CHECK(refused({"plot", "--schedule", "a.yaml", "--log"}) != "");
  CHECK(refused({"list", "--limit", "-1"})
            .starts_with("--limit: expected a number of at least 0, not -1\n"));
  CHECK(refused({"plot", "last", "--out", "a.SVG", "--height", "200"}) ==
        "runner: --height 200: this picture needs at least 248\n");
  CHECK(run(folder.path(), {"plot", "last", "--out", "a.SVG"}).code == 0);
  CHECK(run(folder.path(), {"export", "last", "--to", "a.CSV"}).code == 0);
}

TEST_CASE("what ends, is renamed or archived is told as JSON, too") {
  const TemporaryDirectory folder;
  const auto id = record_run(folder, "small", 0.1, 20, [](int) { return 1.0; });
  const auto answer = [&](std::vector<std::string> words) {
    words.emplace_back("--json");
    return Json::parse(run(folder.path(), words).out);
  };
  CHECK(answer({"stop", "last"}) ==
        Json{{"run", id}, {"status", "done"}, {"reason", ""}, {"step", nullptr}});
  CHECK(answer({"rename", "last", "large"}) ==
        Json{{"id", id}, {"before", "small"}, {"name", "large"}});
  CHECK(answer({"archive", "last"}) == Json{{"id", id}, {"archived", true}});
  CHECK(run(folder.path(), {"watch", "last", "--json"}).out ==
        R"({"step":20,"eval/accuracy":0.9})"
        "\n" +
            Json{{"run", id}, {"status", "done"}, {"reason", ""}}.dump() + "\n");
  CHECK(answer({"list", "--sql", "SELECT 5 AS started"}) == Json::parse(R"([{"started": 5}])"));
}

TEST_CASE("a database is named by a file") {
  const TemporaryDirectory folder;
  CHECK(run(folder.path(), {"list", "--db", ""}).err ==
        "runner: --db is empty; expected the file of a database\n");
  CHECK(run(folder.path(), {"list", "--db", folder.path()}).err ==
        "runner: " + folder.path().string() + " is a folder; expected the file of a database\n");
}

TEST_CASE("without a command the help is printed, and it is the user's mistake") {
  const TemporaryDirectory folder;
  const auto printed = run(folder.path(), {});
  CHECK(printed.code == 2);
  for (const auto* command : {"run", "validate", "list", "show", "components", "schema"})
    CHECK(printed.err.find(command) != std::string::npos);
}

TEST_CASE("components prints one component with every field, its default, range and help") {
  const TemporaryDirectory folder;
  CHECK(run(folder.path(), {"components", "scheduler", "step"}).out ==
        "step: multiplies the learning rate by gamma every step_size epochs, steps or samples\n"
        "  field         default  expected                                                         "
        "    meaning\n"
        "  step_size     1        a whole number of at least 1                                     "
        "    intervals between two changes\n"
        "  gamma         0.1      a number of at least 0                                           "
        "    factor of each change\n"
        "  interval      epoch    one of epoch, step, samples                                      "
        "    what is counted, and when the learning rate changes\n"
        "  warmup        null     an interval such as '1 epoch', '500 steps' or '10 minutes', or "
        "null  how long the learning rate first rises, linearly, to the optimizer's; null: not at "
        "all\n"
        "  warmup_start  0.0      a number from 0 to 1                                             "
        "    factor on the optimizer's learning rate at the first step of the warm-up\n");
}

TEST_CASE("components names the nearest kind and component") {
  const TemporaryDirectory folder;
  CHECK(run(folder.path(), {"components", "optimzer"}).err ==
        "runner: there is no kind or section 'optimzer'; did you mean 'optimizer'?\n");
  const auto printed = run(folder.path(), {"components", "optimizer", "adadleta"});
  CHECK(printed.code == 2);
  CHECK(printed.err == "runner: no optimizer is called 'adadleta'; did you mean 'adadelta'?\n");
  CHECK(run(folder.path(), {"components", "trian"}).err ==
        "runner: there is no kind or section 'trian'; did you mean 'train'?\n");
  CHECK(run(folder.path(), {"components", "train", "epocs"}).err ==
        "runner: 'train' has no field 'epocs'; did you mean 'epochs'?\n");
}

TEST_CASE("components prints a section of a recipe as it prints a component") {
  const TemporaryDirectory folder;
  CHECK(
      run(folder.path(), {"components", "save"}).out ==
      "save: checkpoints: what a run goes on from\n"
      "  field             default    expected                                                    "
      "         meaning\n"
      "  every             1 epoch    an interval such as '1 epoch', '500 steps' or '10 minutes', "
      "or null  how often, besides the end and a stop; null: none at all\n"
      "  keep_last         2          a whole number of at least 1                                "
      "         the newest that are kept\n"
      "  keep_best                    a map with metric, mode, n                                  "
      "         the best that are kept besides\n"
      "  keep_best.metric  eval/loss  a string                                                    "
      "         what makes a checkpoint the best\n"
      "  keep_best.mode    null       one of min, max, or null                                    "
      "         whether less (min) or more (max) of the metric is better; null: as the metric "
      "itself says\n"
      "  keep_best.n       1          a whole number of at least 0                                "
      "         how many are kept\n");
  CHECK(run(folder.path(), {"components", "train", "epochs"}).out ==
        "train: how long and in what portions\n"
        "  field   default  expected                      meaning\n"
        "  epochs  1        a whole number of at least 1  passes over the training samples\n");
}

TEST_CASE(
    "components has the matrix and the space of a search, whose values are forms of their own") {
  const TemporaryDirectory folder;
  CHECK(run(folder.path(), {"components", "matrix"}).out ==
        "matrix: paths of the recipe and their values: a run for each combination\n"
        "  field    default  expected                                           meaning\n"
        "  PATH              a list of values, or {range: [FIRST, LAST, STEP]}  every value with "
        "every one of the others, as in optimizer.lr: [0.1, 0.3]; both ends of a range belong to "
        "it, and STEP may be left out\n"
        "  zip               a map of paths, or a list of such maps             paths whose values "
        "go side by side\n"
        "  exclude           a map of paths, or a list of such maps             cells that are "
        "left out\n"
        "  include           a map of paths, or a list of such maps             cells besides\n");
  CHECK(run(folder.path(), {"components", "search", "space"}).out ==
        "search: trying values of a space, the next ones chosen by what is known\n"
        "  field  default  expected                                  meaning\n"
        "  space           a map of paths, each with a distribution  paths of the recipe and where "
        "their values may lie: uniform, log_uniform, int_uniform or int_log_uniform: [LOW, HIGH], "
        "choice: [A, B ...], as in optimizer.lr: {log_uniform: [1e-4, 1]}\n");
}

TEST_CASE("the overview of components has the sections of a recipe in a part of their own") {
  const TemporaryDirectory folder;
  const auto overview = run(folder.path(), {"components"}).out;
  const auto part = overview.substr(overview.find("\n\n") + 2);
  CHECK(
      part.starts_with("section         what it is\n"
                       "general         what stands at the top of a recipe\n"
                       "train           how long and in what portions\n"));
  const auto json = Json::parse(run(folder.path(), {"components", "--json"}).out);
  std::vector<std::string> names;
  for (const auto& section : json.at("sections")) names.push_back(section.at("name"));
  CHECK(names == std::vector<std::string>{"general", "train", "eval", "log", "save", "record",
                                          "init_from", "early_stopping", "profile", "matrix",
                                          "search", "prune", "sweep"});
  CHECK(Json::parse(run(folder.path(), {"components", "train", "epochs", "--json"}).out) ==
        Json::parse(R"({"sections": [{"name": "train", "summary": "how long and in what portions",
          "fields": [{"name": "epochs", "default": 1, "expected": "a whole number of at least 1",
                      "help": "passes over the training samples"}]}]})"));
  CHECK(Json::parse(run(folder.path(), {"components", "matrix", "zip", "--json"}).out)
            .at("sections")[0]
            .at("fields")[0]
            .at("default") == Json());
}

TEST_CASE("help is the help of a command, of one within a command, or of the program") {
  const TemporaryDirectory folder;
  const auto printed = [&](std::vector<std::string> words) {
    return run(folder.path(), words).out;
  };
  CHECK(printed({"help"}) == printed({"--help"}));
  CHECK(printed({"help", "list"}) == printed({"list", "--help"}));
  CHECK(printed({"help", "sweep"}) == printed({"sweep", "--help"}));
  CHECK(printed({"help", "sweep", "show"}) == printed({"sweep", "show", "--help"}));
  CHECK(printed({"help", "train"}) == printed({"components", "train"}));
  CHECK(printed({"help", "optimizer", "adamw"}) == printed({"components", "optimizer", "adamw"}));
}

TEST_CASE("help names the nearest topic") {
  const TemporaryDirectory folder;
  const auto printed = run(folder.path(), {"help", "recipie"});
  CHECK(printed.code == 2);
  CHECK(printed.err == "runner: there is no help on 'recipie'; did you mean 'recipe'?\n");
  CHECK(run(folder.path(), {"help", "lst"}).err ==
        "runner: there is no help on 'lst'; did you mean 'list'?\n");
  CHECK(run(folder.path(), {"help", "sweep", "shw"}).err ==
        "runner: there is no help on 'sweep shw'; did you mean 'show'?\n");
}

TEST_CASE("help recipe explains a recipe, whose example can be run as it stands") {
  const TemporaryDirectory folder;
  const auto page = run(folder.path(), {"help", "recipe"}).out;
  for (const auto* word :
       {"\n  optimizer ", "\n  train ", "\n  early_stopping ", "\n  matrix ", "\n  prune ",
        "extends: ", "runner components ", "runner validate ", "--dry-run"})
    CHECK(page.find(word) != std::string::npos);
  std::istringstream lines(page);
  std::string recipe, overrides;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("    runner run "))
      overrides = line.substr(line.find(".yaml") + 5);
    else if (line.starts_with("    ") && overrides.empty())
      recipe += line.substr(4) + "\n";
  folder.write("mine.yaml", recipe);
  CHECK(run(folder.path(), {"validate", "mine.yaml"}).out == "mine.yaml: valid\n");
  const auto checked =
      Program::command(folder.path(),
                       {"sh", "-c", runner_executable() + " run mine.yaml --dry-run" + overrides})
          .wait();
  CHECK(checked.err == "");
  CHECK(checked.code == 0);
}

TEST_CASE("exit codes stand once in each help") {
  const TemporaryDirectory folder;
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{}, {"list"}, {"sweep"}, {"sweep", "show"}, {"ui"}, {"gate"}}) {
    auto words = command;
    words.emplace_back("--help");
    const auto text = run(folder.path(), words).out;
    CAPTURE(text);
    CHECK(text.find("\nExit codes: ") != std::string::npos);
    CHECK(text.find("\nExit codes: ") == text.rfind("\nExit codes: "));
  }
}

TEST_CASE("validate answers for each recipe, and exits with 2 when one is wrong") {
  const TemporaryDirectory folder;
  folder.write("good.yaml", "model: mlp\ndataset: mnist\nloss: cross_entropy\noptimizer: sgd\n");
  folder.write("bad.yaml", "model: mlp\ndataset: mnist\nloss: cross_entropy\noptimizer: sdg\n");
  const auto printed = run(folder.path(), {"validate", "good.yaml", "bad.yaml"});
  CHECK(printed.code == 2);
  CHECK(printed.out == "good.yaml: valid\n");
  CHECK(printed.err ==
        "bad.yaml:4:12: no optimizer is called 'sdg'; did you mean 'sgd'?\n"
        "    4 | optimizer: sdg\n"
        "      |            ^\n");
}

TEST_CASE("validate checks every trial of a sweep, and counts them") {
  const TemporaryDirectory folder;
  const std::string parts = "model: mlp\ndataset: synthetic\nloss: cross_entropy\noptimizer: sgd\n";
  folder.write("matrix.yaml", parts + "matrix: {seed: [1, 2, 2], optimizer.lr: [0.1, 0.3, 1]}\n");
  folder.write("one.yaml", parts + "matrix: {seed: [1]}\n");
  folder.write("search.yaml",
               parts + "search: {trials: 2000, space: {optimizer.lr: {uniform: [0, 1]}}}\n");
  folder.write("bad.yaml", parts + "matrix: {seed: [1, 2], optimizer.lr: [0.1, -1]}\n");
  const auto printed =
      run(folder.path(), {"validate", "matrix.yaml", "one.yaml", "search.yaml", "bad.yaml"});
  CHECK(printed.code == 2);
  CHECK(printed.out ==
        "matrix.yaml: valid (6 trials)\none.yaml: valid (1 trial)\nsearch.yaml: valid (2,000 "
        "trials)\n");
  CHECK(printed.err ==
        "bad.yaml:5:44: optimizer.lr is -1; expected a number of at least 0\n"
        "    5 | matrix: {seed: [1, 2], optimizer.lr: [0.1, -1]}\n"
        "      |                                            ^\n");
}

TEST_CASE("list without a database says where it looked") {
  const TemporaryDirectory folder;
  const auto printed = run(folder.path(), {"list"});
  CHECK(printed.code == 2);
  CHECK(printed.err.find(folder.path() / ".runner/experiments.db") != std::string::npos);
}
