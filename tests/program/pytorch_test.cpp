#include "tests/program/program.hpp"

#include <cmath>
#include <cstdlib>
#include <iostream>

#include <doctest/doctest.h>

using namespace runner;

namespace {

/// A Python that has PyTorch, as `./dev test` makes one: its search path.
const char* python_path() {
  const char* path = std::getenv("RUNNER_TEST_PYTHONPATH");
  if (!path) std::cout << "skipped: no Python with PyTorch (`./dev test` makes one)\n";
  return path;
}

Printed python(const TemporaryDirectory& folder, const std::string& script,
               std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(),
                   {"python3", std::string(RUNNER_SOURCE_DIR) + "/tests/python/" + script});
  return Program::command(folder.path(), arguments,
                          {{"PYTHONPATH", std::getenv("RUNNER_TEST_PYTHONPATH")}})
      .wait();
}

}  // namespace

TEST_CASE("PyTorch loads a run's weights strictly, and finds the loss that was recorded") {
  if (!python_path()) return;
  const TemporaryDirectory folder;
  const auto trained =
      run(folder.path(), {"run", std::string(RUNNER_SOURCE_DIR) + "/recipes/fashion_mnist.yaml",
                          "train.max_steps=30", "eval.limit_batches=1", "save.every=30 steps"});
  CAPTURE(trained.err);
  REQUIRE(trained.code == 0);
  REQUIRE(run(folder.path(), {"export", "last", "--to", "exported.safetensors"}).code == 0);
  const auto shown = shown_run(folder);
  const auto checkpoint =
      shown.at("checkpoints").front().at("folder").get<std::string>() + "/model.safetensors";
  const auto files = shown.at("data").at("files");
  const auto config = shown.at("config").at("dataset");
  for (const auto& weights : {checkpoint, std::string("exported.safetensors")}) {
    const auto printed = python(folder, "evaluate_weights.py",
                                {weights, files.at("eval-images"), files.at("eval-labels"),
                                 config.at("mean").dump(), config.at("std").dump(), "1000"});
    CAPTURE(printed.err);
    REQUIRE(printed.code == 0);
    const auto found = Json::parse(printed.out);
    const auto recorded = [&](const std::string& metric) {
      return shown.at("metrics").at(metric).at("last").get<double>();
    };
    CHECK(found.at("loss").get<double>() == doctest::Approx(recorded("eval/loss")).epsilon(1e-5));
    CHECK(found.at("correct").get<double>() == std::round(1000 * recorded("eval/accuracy")));
  }
}
