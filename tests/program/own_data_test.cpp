#include "tests/program/program.hpp"
#include "tests/program/recorded.hpp"

#include <cmath>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace runner;

namespace {

/// Two classes by the sign of x + y, and a number, z = x - 2 y, of 200 points.
std::string points(const std::string& target) {
  std::string text = "x,y," + target + "\n";
  for (int i = 0; i < 200; ++i) {
    const double x = std::sin(3.1 * i), y = std::cos(1.7 * i * i);
    text += fmt::format("{:.6f},{:.6f},", x, y);
    text +=
        target == "side" ? (x + y > 0 ? "above\n" : "below\n") : fmt::format("{:.6f}\n", x - 2 * y);
  }
  return text;
}

std::string table_recipe(const std::string& target, const std::string& loss) {
  return "model: {name: mlp, hidden: [16]}\n"
         "dataset: {name: table, file: points.csv, target: " +
         target +
         ", split: {validation: 0.2, test: 0.1}}\n"
         "loss: " +
         loss +
         "\n"
         "optimizer: {name: adam, lr: 0.02}\n"
         "topology: {name: ddp, device: cpu, threads: 1}\n"
         "train: {batch_size: 16, epochs: 30}\n"
         "save: {every: 3 epochs}\n";
}

std::string text_recipe() {
  return "model: bigram\n"
         "dataset: {name: text, files: [a.txt, b.txt], length: 16}\n"
         "loss: cross_entropy\n"
         "optimizer: {name: adam, lr: 0.05}\n"
         "topology: {name: ddp, device: cpu, threads: 1}\n"
         "train: {batch_size: 8, epochs: 6}\n"
         "eval: {metrics: [perplexity]}\n"
         "save: {every: 2 epochs}\n";
}

/// Bytes of which each says what the next is.
std::string pattern(int length) {
  std::string text;
  for (int i = 0; i < length; ++i) text += "abcdefgh"[i * 3 % 8];
  return text;
}

struct OwnData {
  TemporaryDirectory folder;

  OwnData() {
    folder.write("points.csv", points("side"));
    folder.write("numbers.csv", points("z"));
    folder.write("table.yaml", table_recipe("side", "cross_entropy"));
    folder.write("a.txt", pattern(1500));
    folder.write("b.txt", pattern(900));
    folder.write("text.yaml", text_recipe());
  }

  Printed runner(std::vector<std::string> arguments) const {
    return run(folder.path(), std::move(arguments));
  }
  double last(const std::string& metric) const {
    return shown_run(folder).at("metrics").at(metric).at("last").get<double>();
  }
};

}  // namespace

TEST_CASE("a table of one's own trains, and each split is measured by its name") {
  const OwnData own;
  const auto printed = own.runner({"run", "table.yaml"});
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  CHECK(own.last("validation/accuracy") > 0.9);
  CHECK(own.last("test/accuracy") > 0.8);
  CHECK(printed.out.find("validation: average loss: ") != std::string::npos);
  CHECK(printed.out.find("test: average loss: ") != std::string::npos);
  // What is said of eval/X in a recipe is about the validation split.
  const auto config = shown_run(own.folder).at("config");
  CHECK(config.at("save").at("keep_best").at("metric") == "validation/loss");
  const auto listed =
      own.runner({"list", "--where", "eval/accuracy > 0.9", "--columns", "eval/loss", "--json"});
  REQUIRE(listed.code == 0);
  CHECK(Json::parse(listed.out).size() == 1);
}

TEST_CASE("a number in a table is told by regression") {
  const OwnData own;
  const auto printed =
      own.runner({"run", "table.yaml", "dataset.file=numbers.csv", "dataset.target=z", "loss=mse",
                  "eval.metrics=[r2, median_absolute_error]"});
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  CHECK(own.last("validation/r2") > 0.9);
  CHECK(own.last("test/median_absolute_error") < 0.5);
}

TEST_CASE("text of one's own trains, over two files that are read ahead") {
  const OwnData own;
  const auto printed = own.runner({"run", "text.yaml"});
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  CHECK(own.last("eval/accuracy") > 0.99);
  CHECK(own.last("eval/perplexity") ==
        doctest::Approx(std::exp(own.last("eval/loss"))).epsilon(1e-5));
}

TEST_CASE("own data give equal gradients on any ranks, with any accumulation") {
  const OwnData own;
  for (const auto* recipe : {"table.yaml", "text.yaml"}) {
    const auto printed = own.runner({"verify", "equivalence", recipe});
    CAPTURE(printed.out);
    CAPTURE(printed.err);
    CHECK(printed.code == 0);
  }
}

TEST_CASE("a run on own data that is stopped and resumed gives the bits of one that is not") {
  for (const auto* recipe : {"table.yaml", "text.yaml"}) {
    CAPTURE(recipe);
    const OwnData whole, parts;
    REQUIRE(whole.runner({"run", recipe}).code == 0);
    REQUIRE(parts.runner({"run", recipe, "train.max_steps=35"}).code == 0);
    const auto resumed = parts.runner({"resume", "last", "train.max_steps=null"});
    CAPTURE(resumed.err);
    REQUIRE(resumed.code == 0);
    for (const auto* metric : {"train/loss", "eval/loss"})
      if (shown_run(whole.folder).at("metrics").contains(metric))
        CHECK(parts.last(metric) == whole.last(metric));
  }
}

TEST_CASE("own data are swept like others, by a metric of the validation split") {
  const OwnData own;
  own.folder.write(
      "sweep.yaml",
      "extends: table.yaml\nmatrix: {optimizer.lr: [0.001, 0.02]}\ntrain: {epochs: 5}\n");
  const auto printed = own.runner({"run", "sweep.yaml"});
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  const auto best =
      own.runner({"list", "--sort", "eval/loss", "--columns", "optimizer.lr", "--json"});
  CHECK(Json::parse(best.out).at(0).at("optimizer.lr") == 0.02);
}

TEST_CASE("what does not fit own data is told with its place, and nothing is recorded") {
  const OwnData own;
  const auto error = [&](const std::string& recipe, std::vector<std::string> changes) {
    changes.insert(changes.begin(), {"run", recipe});
    const auto printed = own.runner(changes);
    CHECK(printed.code == 2);
    return printed.err.substr(0, printed.err.find('\n'));
  };
  CHECK(error("table.yaml", {"model=resnet"}) ==
        "argument 'model=resnet': model 'resnet' needs images [channels, height, width], but the "
        "data are 2 "
        "features; expected one of mlp");
  CHECK(error("text.yaml", {"model=cnn"}) ==
        "argument 'model=cnn': model 'cnn' needs images [channels, height, width], but the data "
        "are 16 "
        "tokens of 256; expected one of bigram");
  CHECK(error("table.yaml", {"eval.metrics=[top_k]"}) ==
        "argument 'eval.metrics=[top_k]': metric 'top_k': k is 5, but the data have 2 classes");
  CHECK(error("table.yaml", {"loss=mse"}) ==
        "argument 'loss=mse': loss 'mse' is for targets that are numbers, but those of dataset "
        "'table' are "
        "classes; expected one of cross_entropy");
  CHECK(error("table.yaml", {"dataset.file=none.csv"}) ==
        "table.yaml:2:17: table: none.csv: no such file");
  CHECK(error("table.yaml", {"dataset.target=colour"})
            .ends_with("points.csv:1: no column is called 'colour'; expected one of x, y, side"));
  CHECK_FALSE(std::filesystem::exists(own.folder.path() / ".runner" / "experiments.db"));
}
