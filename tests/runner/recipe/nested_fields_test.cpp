#include "registry/description.hpp"
#include "runner/commands/components.hpp"
#include "runner/commands/recipe_page.hpp"
#include "runner/complete/recipe_paths.hpp"
#include "runner/recipe/continuation.hpp"
#include "runner/recipe/schema.hpp"
#include "runner/record/describe.hpp"
#include "runner/sweep/sweep_recipe.hpp"
#include "runner/sweep/sweep_schema.hpp"
#include "runner/terminal/config_table.hpp"
#include "tests/runner/recipe/reader.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

using Strings = std::vector<std::string>;

const Json words_by_default{{"name", "words"}, {"lower", true}, {"most", nullptr}};

Json bpe(int vocabulary) { return {{"name", "bpe"}, {"vocabulary", vocabulary}, {"reserved", 0}}; }

Strings completed(const Json& config, const std::string& begin) {
  Strings out;
  for (const auto& candidate : complete::overrides(config, begin))
    if (candidate.text.starts_with(begin)) out.push_back(candidate.text);
  return out;
}

SweepRecipe sweep_of(const std::vector<std::string>& overrides = {}) {
  return std::get<SweepRecipe>(read_run_or_sweep("r.yaml", overrides));
}

std::string mistakes_in_sweep(const std::vector<std::string>& overrides = {}) {
  try {
    sweep_of(overrides);
    return "";
  } catch (const RecipeError& error) {
    return error.what();
  }
}

std::vector<Json> models_of(const SweepRecipe& sweep) {
  std::vector<Json> out;
  for (const auto& cell : sweep.cells()) out.push_back(sweep.recipe_of(cell).config.at("model"));
  return out;
}

}  // namespace

TEST_CASE("a field that holds a component takes its name, or a map with its name and fields") {
  CHECK(ReaderFolder("{name: reader, tokenizer: words}").model().at("tokenizer") ==
        words_by_default);
  const ReaderFolder folder("{name: reader, tokenizer: {name: words, most: 9}}");
  const auto recipe = folder.read();
  CHECK(recipe.config.at("model").at("tokenizer") ==
        Json({{"name", "words"}, {"lower", true}, {"most", 9}}));
  CHECK(origin(recipe, "model.tokenizer.name") == "r.yaml:1:41");
  CHECK(origin(recipe, "model.tokenizer.most") == "r.yaml:1:54");
  CHECK(origin(recipe, "model.tokenizer.lower") == "default");
  CHECK(origin(recipe, "model.tokenizer") == "");
  for (const auto& [path, from] : recipe.origins) CHECK_NOTHROW(value_at(recipe.config, path));
}

TEST_CASE("a component that is a field's default has the fields that the default says") {
  const auto recipe = ReaderFolder("reader").read();
  CHECK(recipe.config.at("model").at("tokenizer") == bpe(1000));
  CHECK(recipe.config.at("model").at("second") == nullptr);
  CHECK(origin(recipe, "model.tokenizer.name") == "default");
  CHECK(origin(recipe, "model.second") == "default");
  // Named, it is as that component is.
  CHECK(ReaderFolder("{name: reader, tokenizer: bpe}").model().at("tokenizer") == bpe(300));
  // Fields without a name stand in the default.
  CHECK(ReaderFolder("{name: reader, tokenizer: {reserved: 4}}").model().at("tokenizer") ==
        Json({{"name", "bpe"}, {"vocabulary", 1000}, {"reserved", 4}}));
}

TEST_CASE("a component that may be null is null, or as others") {
  const ReaderFolder folder("{name: reader, second: words}");
  CHECK(folder.model().at("second") == words_by_default);
  CHECK(folder.model({"model.second=null"}).at("second") == nullptr);
  CHECK(folder.model({"model.second=null", "model.second={name: bpe}"}).at("second") == bpe(300));
  CHECK(folder.said_of("model.tokenizer=null") ==
        "model.tokenizer has no name; expected one of words, bpe, alone or as {name: ..., field: "
        "...}");
}

TEST_CASE("mistakes in a field's component are told as those of the recipe's own are") {
  const ReaderFolder folder(
      "\n  name: reader\n  tokenizer: wrods\n  second: {name: bpe, vocabulry: 3, reserved: -1}\n");
  CHECK(mistakes("r.yaml") ==
        "r.yaml:3:14: no tokenizer is called 'wrods'; did you mean 'words'?\n"
        "    3 |   tokenizer: wrods\n"
        "      |              ^\n"
        "r.yaml:4:23: tokenizer 'bpe' has no field 'vocabulry'; did you mean 'vocabulary'?\n"
        "    4 |   second: {name: bpe, vocabulry: 3, reserved: -1}\n"
        "      |                       ^\n"
        "r.yaml:4:47: model.second.reserved is -1; expected a whole number of at least 0\n"
        "    4 |   second: {name: bpe, vocabulry: 3, reserved: -1}\n"
        "      |                                               ^\n");
  const ReaderFolder second("{name: reader, second: {vocabulary: 300}}");
  CHECK(mistakes("r.yaml") ==
        "r.yaml:1:31: model.second has no name; expected one of words, bpe, alone or as {name: "
        "..., field: ...}\n"
        "    1 | model: {name: reader, second: {vocabulary: 300}}\n"
        "      |                               ^\n");
}

TEST_CASE("a component without a default must be chosen") {
  const ReaderFolder folder("chooser");
  CHECK(mistakes("r.yaml") ==
        "r.yaml:1:8: model.tokenizer is missing; expected one of words, bpe\n"
        "    1 | model: chooser\n"
        "      |        ^\n");
  CHECK(folder.model({"model.tokenizer=bpe"}).at("tokenizer") == bpe(300));
}

TEST_CASE("what is wrong together in a field's component is told with its place") {
  const ReaderFolder folder("{name: reader, tokenizer: {reserved: 2000}}");
  CHECK(mistakes("r.yaml") ==
        "r.yaml:1:34: tokenizer 'bpe': reserved leaves no tokens of the vocabulary\n"
        "    1 | model: {name: reader, tokenizer: {reserved: 2000}}\n"
        "      |                                  ^\n");
}

TEST_CASE("arguments reach into a field's component, and another one drops the former's fields") {
  const ReaderFolder folder("{name: reader, tokenizer: {name: bpe, vocabulary: 500}}");
  const auto tokenizer = [&](const Strings& overrides) {
    return folder.model(overrides).at("tokenizer");
  };
  CHECK(tokenizer({"model.tokenizer.vocabulary=1000"}) == bpe(1000));
  CHECK(tokenizer({"model.tokenizer=words"}) == words_by_default);
  CHECK(tokenizer({"model.tokenizer=bpe"}) == bpe(500));
  CHECK(tokenizer({"model.tokenizer.name=words"}) == words_by_default);
  CHECK(tokenizer({"model.tokenizer={name: words, lower: false}"}).at("lower") == false);
  CHECK(tokenizer({"model.tokenizer=words", "model.tokenizer.most=5"}).at("most") == 5);
  const auto recipe = folder.read({"model.tokenizer.reserved=1"});
  CHECK(origin(recipe, "model.tokenizer.reserved") == "argument model.tokenizer.reserved=1");
  CHECK(origin(recipe, "model.tokenizer.vocabulary") == "r.yaml:1:58");
  CHECK(ReaderFolder("reader").model({"model.tokenizer.reserved=4"}).at("tokenizer") ==
        Json({{"name", "bpe"}, {"vocabulary", 1000}, {"reserved", 4}}));
  CHECK(ReaderFolder("{name: reader, tokenizer: words}")
            .model({"model.tokenizer.most=4"})
            .at("tokenizer")
            .at("most") == 4);
  CHECK(ReaderFolder("{name: reader, tokenizer: words}").said_of("model.tokenizer=bpe,words") ==
        "no tokenizer is called 'bpe,words'; a run for each value is "
        "'matrix.model.tokenizer=[bpe,words]'");
}

TEST_CASE("the elements of a list of maps have defaults and origins of their own") {
  const ReaderFolder folder(
      "{name: reader, columns: [{name: age, missing: mean, scale: 2, bounds: {high: 7}}, "
      "{name: city, parts: [year, day], steps: [{kind: scale, by: 3}, {}], tokenizer: words}]}");
  const auto recipe = folder.read();
  CHECK(recipe.config.at("model").at("columns") == Json::parse(R"([
    {"name": "age", "missing": "mean", "scale": 2.0, "parts": [],
     "bounds": {"low": -1.0, "high": 7.0}, "clip": null, "steps": [], "tokenizer": null},
    {"name": "city", "missing": "error", "scale": null, "parts": ["year", "day"],
     "bounds": {"low": -1.0, "high": 1.0}, "clip": null,
     "steps": [{"kind": "scale", "by": 3.0}, {"kind": "log", "by": 1.0}],
     "tokenizer": {"name": "words", "lower": true, "most": null}}])"));
  CHECK(origin(recipe, "model.columns[0].missing") == "r.yaml:1:54");
  CHECK(origin(recipe, "model.columns[0].bounds.high") == "r.yaml:1:85");
  CHECK(origin(recipe, "model.columns[1].missing") == "default");
  CHECK(origin(recipe, "model.columns[1].steps[0].by") == "r.yaml:1:149");
  CHECK(origin(recipe, "model.columns[1].steps[1].by") == "default");
  CHECK(origin(recipe, "model.columns[1].tokenizer.lower") == "default");
  CHECK(origin(recipe, "model.columns") == "");
  for (const auto& [path, from] : recipe.origins) CHECK_NOTHROW(value_at(recipe.config, path));
  CHECK(origin(ReaderFolder("reader").read(), "model.columns") == "default");
}

TEST_CASE("the options struct of a component gets its nested fields") {
  const auto read = from_json<readers::Reader>(
      ReaderFolder("{name: reader, tokenizer: words, columns: [{name: age, scale: 2, clip: {}}]}")
          .model());
  CHECK(read.tokenizer.value == words_by_default);
  CHECK_FALSE(read.second);
  REQUIRE(read.columns.size() == 1);
  CHECK(read.columns[0].name == "age");
  CHECK(read.columns[0].scale == 2);
  CHECK(read.columns[0].clip->high == 1);
}

TEST_CASE("mistakes in a list of maps are told with their elements") {
  const ReaderFolder folder(R"(
  name: reader
  columns:
    - {name: age, mising: mean}
    - {name: city, missing: averge, scale: 0}
    - age
    - {name: day, parts: [year, hour], bounds: {low: 3, high: 2}}
    - {missing: mean}
    - {name: x, steps: [{kind: cut}, 3], clip: 4}
)");
  CHECK(mistakes("r.yaml") ==
        R"(r.yaml:4:19: 'model.columns[0]' has no field 'mising'; did you mean 'missing'?
    4 |     - {name: age, mising: mean}
      |                   ^
r.yaml:5:29: model.columns[1].missing is 'averge'; expected one of error, mean, median, mode, zero, first, last, drop
    5 |     - {name: city, missing: averge, scale: 0}
      |                             ^
r.yaml:5:44: model.columns[1].scale is 0; expected a number above 0, or null
    5 |     - {name: city, missing: averge, scale: 0}
      |                                            ^
r.yaml:6:7: model.columns[2] is 'age'; expected a map with name, missing, scale, parts, bounds, clip, steps, tokenizer
    6 |     - age
      |       ^
r.yaml:7:26: model.columns[3].parts is ["year","hour"]; expected a list, each one of year, month, day
    7 |     - {name: day, parts: [year, hour], bounds: {low: 3, high: 2}}
      |                          ^
r.yaml:7:48: model.columns[3].bounds: low is not below high
    7 |     - {name: day, parts: [year, hour], bounds: {low: 3, high: 2}}
      |                                                ^
r.yaml:8:7: model.columns[4]: name is missing
    8 |     - {missing: mean}
      |       ^
r.yaml:9:32: model.columns[5].steps[0].kind is 'cut'; expected one of log, scale
    9 |     - {name: x, steps: [{kind: cut}, 3], clip: 4}
      |                                ^
r.yaml:9:38: model.columns[5].steps[1] is 3; expected a map with kind, by
    9 |     - {name: x, steps: [{kind: cut}, 3], clip: 4}
      |                                      ^
r.yaml:9:48: model.columns[5].clip is 4; expected a map with low, high, or null
    9 |     - {name: x, steps: [{kind: cut}, 3], clip: 4}
      |                                                ^
)");
  CHECK(folder.said_of("model.columns=age") ==
        "model.columns is 'age'; expected a list of maps with name, missing, scale, parts, bounds, "
        "clip, steps, tokenizer");
}

TEST_CASE("arguments reach the elements of a list of maps, whose names are no components'") {
  const ReaderFolder folder("{name: reader, columns: [{name: age, missing: mean}, {name: city}]}");
  const auto columns = [&](const Strings& overrides) {
    return folder.model(overrides).at("columns");
  };
  CHECK(columns({"model.columns[1].missing=median"})[1].at("missing") == "median");
  const auto renamed = columns({"model.columns[0].name=height"})[0];
  CHECK(renamed.at("name") == "height");
  CHECK(renamed.at("missing") == "mean");
  CHECK(columns({"model.columns[0].bounds.low=-9"})[0].at("bounds").at("low") == -9);
  CHECK(columns({"model.columns[0].clip.low=-9"})[0].at("clip") ==
        Json({{"low", -9.0}, {"high", 1.0}}));
  CHECK(columns({"model.columns[0].steps=[{}]", "model.columns[0].steps[0].by=4"})[0]
            .at("steps")[0]
            .at("by") == 4);
  const Strings other{"model.columns[1].tokenizer={name: words, most: 3}",
                      "model.columns[1].tokenizer=bpe"};
  CHECK(columns(other)[1].at("tokenizer") == bpe(300));
  CHECK(columns({"model.columns=[{name: a}]"}).size() == 1);
  CHECK(origin(folder.read({"model.columns.0.scale=2"}), "model.columns[0].scale") ==
        "argument model.columns.0.scale=2");
  CHECK(folder.said_of("model.columns[2].scale=2") ==
        "model.columns has 2 elements, [0] to [1]: there is no [2]");
}

TEST_CASE("arguments reach the elements of a default") {
  const ReaderFolder folder("{name: chooser, tokenizer: words}");
  const auto columns = folder.model({"model.columns[1].missing=mean"}).at("columns");
  REQUIRE(columns.size() == 2);
  CHECK(columns[0].at("name") == "age");
  CHECK(columns[0].at("scale") == 2);
  CHECK(columns[1].at("name") == "city");
  CHECK(columns[1].at("missing") == "mean");
  CHECK(folder.said_of("model.columns[3].scale=2") ==
        "model.columns has 2 elements, [0] to [1]: there is no [3]");
}

TEST_CASE("a recipe that extends another changes its nested fields alike") {
  const ReaderFolder folder(
      "{name: reader, tokenizer: {name: words, most: 3}, columns: [{name: age, scale: 2}]}");
  const RecipeFolder elsewhere;
  elsewhere.write("base.yaml",
                  "model: {name: reader, tokenizer: {name: words, most: 3}}\n"
                  "dataset: mnist\nloss: cross_entropy\noptimizer: sgd\n");
  elsewhere.write("other.yaml", "extends: base.yaml\nmodel: {tokenizer: bpe}\n");
  elsewhere.write("same.yaml", "extends: base.yaml\nmodel: {tokenizer: {lower: false}}\n");
  CHECK(read_recipe("other.yaml").config.at("model").at("tokenizer") == bpe(300));
  CHECK(read_recipe("same.yaml").config.at("model").at("tokenizer") ==
        Json({{"name", "words"}, {"lower", false}, {"most", 3}}));
}

TEST_CASE("a field that is written beside a nested one is answered with its path") {
  const ReaderFolder folder("{name: reader, columns: [{name: age}], second: words}");
  CHECK(folder.said_of("model.vocabulary=500") ==
        "model 'reader' has no field 'vocabulary'; did you mean "
        "model.tokenizer.vocabulary=500?");
  CHECK(folder.said_of("missing=mean") ==
        "a recipe has no key 'missing'; did you mean model.columns[0].missing=mean?");
  CHECK(folder.said_of("model.columns[0].lr=1") ==
        "'model.columns[0]' has no field 'lr'; did you mean optimizer.lr=1?");
  CHECK(folder.said_of("model.columns[0].missing=mean,zero") ==
        "model.columns[0].missing is 'mean,zero'; expected one of error, mean, median, mode, zero, "
        "first, last, drop; a run for each value is 'matrix.model.columns[0].missing=[mean,zero]'");
}

TEST_CASE("references reach nested fields, their defaults and short forms") {
  const ReaderFolder folder(
      "{name: reader, second: words, columns: [{name: age, scale: 2}, {name: b}]}");
  const auto name = [&](const std::string& reference) {
    return folder.read({"name=x ${" + reference + "}"}).name();
  };
  CHECK(name("model.second.name") == "x words");
  CHECK(name("model.second.lower") == "x true");
  CHECK(name("model.tokenizer.name") == "x bpe");
  CHECK(name("model.tokenizer.vocabulary") == "x 1000");
  CHECK(name("model.tokenizer.reserved") == "x 0");
  CHECK(name("model.columns[0].scale") == "x 2");
  CHECK(name("model.columns[1].missing") == "x error");
  CHECK(name("model.columns[1].bounds.low") == "x -1.0");
  CHECK(folder.model({"model.second=${model.tokenizer}"}).at("second") == bpe(1000));
  CHECK(folder.said_of("name=${model.columns[2].missing}") ==
        "${model.columns[2].missing}: the recipe has no value 'model.columns[2].missing'; did you "
        "mean model.columns[0].missing?");
  const ReaderFolder defaults("{name: chooser, tokenizer: bpe}");
  CHECK(defaults.read({"name=x ${model.columns[0].scale}"}).name() == "x 2.0");
  CHECK(defaults.read({"name=x ${model.columns[1].name}"}).name() == "x city");
}

TEST_CASE("a matrix varies nested fields, whole components and elements") {
  const ReaderFolder folder("{name: reader, columns: [{name: age}, {name: city, missing: mean}]}",
                            "matrix:\n"
                            "  model.tokenizer: [words, {name: bpe, reserved: 2}]\n"
                            "  model.columns[1].missing: [median, zero]\n");
  const auto models = models_of(sweep_of());
  REQUIRE(models.size() == 4);
  CHECK(models[0].at("tokenizer") == words_by_default);
  CHECK(models[0].at("columns")[1].at("missing") == "median");
  CHECK(models[0].at("columns")[1].at("name") == "city");
  CHECK(models[3].at("tokenizer").at("reserved") == 2);
  CHECK(models[3].at("columns")[1].at("missing") == "zero");
  const auto sweep = sweep_of();
  CHECK(sweep.parameters_of(sweep.cells()[0]) ==
        Json({{"model.tokenizer", "words"}, {"model.columns[1].missing", "median"}}));

  const ReaderFolder fields("reader", "matrix: {model.tokenizer.vocabulary: [500, 600]}\n");
  const auto varied = models_of(sweep_of());
  REQUIRE(varied.size() == 2);
  CHECK(varied[1].at("tokenizer") == bpe(600));

  const ReaderFolder both("reader",
                          "matrix: {include: [{model.tokenizer.most: 5, model.tokenizer: words}]}");
  CHECK(models_of(sweep_of())[0].at("tokenizer").at("most") == 5);

  const ReaderFolder wrong("reader", "matrix: {model.tokenizer.vocabulary: [500, 5]}\n");
  CHECK(mistakes_in_sweep() ==
        "r.yaml:5:44: model.tokenizer.vocabulary is 5; expected a whole number of at least 256\n"
        "    5 | matrix: {model.tokenizer.vocabulary: [500, 5]}\n"
        "      |                                            ^\n");
}

TEST_CASE("arguments make a matrix of nested fields, too") {
  const ReaderFolder folder("{name: reader, columns: [{name: age}]}");
  CHECK(models_of(sweep_of({"matrix.model.tokenizer=[words,bpe]",
                            "matrix.model.columns[0].missing=[mean,zero]"}))
            .size() == 4);
}

TEST_CASE("a search chooses nested fields") {
  const ReaderFolder folder("{name: reader, columns: [{name: age}]}",
                            "search:\n"
                            "  strategy: grid\n"
                            "  metric: eval/loss\n"
                            "  space:\n"
                            "    model.tokenizer.vocabulary: {int_uniform: [300, 302]}\n"
                            "    model.columns[0].missing: {choice: [mean, zero]}\n"
                            "    model.second: {choice: [words, null]}\n");
  const auto sweep = sweep_of();
  CHECK(sweep.trials() == 12);
  const auto model = sweep.recipe_of(sweep.cell_at({301, 1, 0})).config.at("model");
  CHECK(model.at("tokenizer") == bpe(301));
  CHECK(model.at("columns")[0].at("missing") == "zero");
  CHECK(model.at("second") == words_by_default);
}

TEST_CASE("completion knows nested fields, and the words that they can be") {
  const ReaderFolder folder(
      "{name: reader, columns: [{name: age}, {name: city, tokenizer: words}]}");
  const auto config = folder.read().config;
  const auto can_be = [&](const std::string& begin) { return completed(config, begin); };
  CHECK(can_be("model.to") == Strings{"model.tokenizer=", "model.tokenizer."});
  CHECK(can_be("model.tokenizer=") == Strings{"model.tokenizer=words", "model.tokenizer=bpe"});
  CHECK(can_be("model.tokenizer.") ==
        Strings{"model.tokenizer.vocabulary=", "model.tokenizer.reserved="});
  CHECK(can_be("model.tokenizer.name=w") == Strings{"model.tokenizer.name=words"});
  CHECK(can_be("model.second=") ==
        Strings{"model.second=words", "model.second=bpe", "model.second=null"});
  CHECK(can_be("model.second.") == Strings{});
  CHECK(can_be("model.col") == Strings{"model.columns=", "model.columns[0].", "model.columns[1]."});
  CHECK(can_be("model.columns[") == Strings{"model.columns[0].", "model.columns[1]."});
  CHECK(can_be("model.columns[1].t") ==
        Strings{"model.columns[1].tokenizer=", "model.columns[1].tokenizer."});
  CHECK(can_be("model.columns[1].tokenizer.m") == Strings{"model.columns[1].tokenizer.most="});
  CHECK(can_be("model.columns[0].missing=m") == Strings{"model.columns[0].missing=mean",
                                                        "model.columns[0].missing=median",
                                                        "model.columns[0].missing=mode"});
  CHECK(can_be("model.columns[0].bounds.") ==
        Strings{"model.columns[0].bounds.low=", "model.columns[0].bounds.high="});
  CHECK(can_be("model.columns[2].") == Strings{});
  CHECK(complete::overrides(config, "model.columns[").at(1).about == "city");
}

TEST_CASE("the help of a component has its nested fields") {
  const ReaderFolder folder("reader");
  CHECK(components_page("model", "reader", 0) ==
        R"(reader: reads what its fields say
  field                     default                           expected                                                                         meaning
  tokenizer                 {"name":"bpe","vocabulary":1000}  a component of kind 'tokenizer'                                                  what makes tokens of text
  second                    null                              a component of kind 'tokenizer', or null                                         another; null: none
  columns                   []                                a list of maps with name, missing, scale, parts, bounds, clip, steps, tokenizer  what is known of columns
  columns[N].name                                             a string                                                                         in the header
  columns[N].missing        error                             one of error, mean, median, mode, zero, first, last, drop                        what stands for a missing value
  columns[N].scale          null                              a number above 0, or null                                                        a factor
  columns[N].parts          []                                a list, each one of year, month, day                                             of a date
  columns[N].bounds                                           a map with low, high                                                             where values lie
  columns[N].bounds.low     -1.0                              a number                                                                         the least
  columns[N].bounds.high    1.0                               a number                                                                         the most
  columns[N].clip           null                              a map with low, high, or null                                                    where they are cut; null: nowhere
  columns[N].clip.low       0.0                               a number                                                                         the least
  columns[N].clip.high      1.0                               a number                                                                         the most
  columns[N].steps          []                                a list of maps with kind, by                                                     what is done in turn
  columns[N].steps[N].kind  log                               one of log, scale                                                                what is done
  columns[N].steps[N].by    1.0                               a number above 0                                                                 a factor
  columns[N].tokenizer      null                              a component of kind 'tokenizer', or null                                         of a text
)");
  CHECK(components_page("tokenizer", "words", 0) ==
        "words: a token for each word\n"
        "  field  default  expected                               meaning\n"
        "  lower  true     true or false                          capitals mean nothing\n"
        "  most   null     a whole number of at least 1, or null  the most frequent words\n");
  CHECK(recipe_page(0).find("  tokenizer  how text becomes tokens; in model.tokenizer, "
                            "model.second, model.columns[N].tokenizer\n") != std::string::npos);
}

TEST_CASE("what is recorded of a run has nested fields by their paths, and is read again") {
  const ReaderFolder folder("{name: reader, columns: [{name: age, missing: mean}]}");
  const auto recipe = folder.read({"model.tokenizer=words"});
  const auto run = describe_run(recipe, "runner run r.yaml");
  const auto setting = [&](const std::string& path) {
    for (const auto& each : run.settings)
      if (each.path == path) return each.origin;
    return std::string("none");
  };
  CHECK(setting("model.columns[0].missing") == "r.yaml:1:54");
  CHECK(setting("model.tokenizer.name") == "argument model.tokenizer=words");
  CHECK(setting("model.columns[0].bounds.high") == "default");
  CHECK(read_config("run", run.config, {}).config == recipe.config);
  CHECK(read_config("run", run.config, {"model.columns[0].missing=zero"})
            .config["model"]["columns"][0]["missing"] == "zero");
  CHECK(read_config("run", run.config, {"model.tokenizer=bpe"}).config["model"]["tokenizer"] ==
        bpe(300));
  CHECK(config_table(recipe).find("model.columns[0].missing ") != std::string::npos);
}

TEST_CASE("what may not change when a run is resumed is named to the field and the element") {
  const ReaderFolder folder("{name: reader, columns: [{name: age, missing: mean}]}");
  const auto broken_by = [&](const std::string& argument) {
    return breaks(folder.read().config, folder.read({argument}).config);
  };
  CHECK(broken_by("model.columns[0].missing=zero") ==
        Strings{"model.columns[0].missing is mean, not zero"});
  CHECK(broken_by("model.tokenizer.vocabulary=500") ==
        Strings{"model.tokenizer.vocabulary is 1000, not 500"});
  CHECK(broken_by("model.second=words") ==
        Strings{R"(model.second is null, not {"name":"words","lower":true,"most":null})"});
}

TEST_CASE("the schema has nested fields, and the fields of a default without its name") {
  const ReaderFolder folder("reader");
  const auto schema = recipe_schema(sweep_schemas());
  const auto& definitions = schema.at("$defs");
  Json reader;
  for (const auto& choice : definitions.at("model").at("anyOf"))
    if (choice.contains("properties") && choice["properties"]["name"]["const"] == "reader")
      reader = choice.at("properties");
  CHECK(reader.at("tokenizer") ==
        Json({{"anyOf", {{{"$ref", "#/$defs/tokenizer"}}, {{"$ref", "#/$defs/tokenizer.bpe"}}}},
              {"description", "what makes tokens of text"},
              {"default", {{"name", "bpe"}, {"vocabulary", 1000}}}}));
  CHECK(reader.at("second").at("anyOf") ==
        Json({{{"$ref", "#/$defs/tokenizer"}}, {{"type", "null"}}}));
  const auto& element = reader.at("columns").at("anyOf")[0].at("items").at("anyOf")[0];
  CHECK(element.at("additionalProperties") == false);
  CHECK(element.at("properties").at("missing").at("anyOf")[0].at("enum").size() == 8);
  CHECK(element.at("properties").at("bounds").at("anyOf")[0].at("properties").contains("low"));
  const auto& step = element.at("properties").at("steps").at("anyOf")[0].at("items").at("anyOf")[0];
  CHECK(step.at("properties").contains("by"));
  const auto& nameless = definitions.at("tokenizer.bpe");
  CHECK(nameless.at("required").empty());
  CHECK(nameless.at("properties").contains("vocabulary"));
  CHECK_FALSE(definitions.contains("tokenizer.words"));
  CHECK_FALSE(schema.at("properties").contains("tokenizer"));
}
