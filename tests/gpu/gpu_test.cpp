#include "registry/description.hpp"
#include "tests/program/program.hpp"

#include <filesystem>
#include <iostream>

#include <doctest/doctest.h>

using namespace runner;

namespace {

const std::string recipes = std::string(RUNNER_SOURCE_DIR) + "/recipes/";

/// CTest counts a test that prints this as skipped, not as passed.
bool no_gpu() {
  if (std::filesystem::exists("/dev/nvidia0")) return false;
  std::cout << "skipped: no NVIDIA GPU\n";
  return true;
}

}  // namespace

TEST_CASE("one epoch of MNIST on the GPU reaches 98 %, in fp32 and in bf16-mixed") {
  if (no_gpu()) return;
  for (const auto* precision : {"fp32", "bf16-mixed"}) {
    CAPTURE(precision);
    const TemporaryDirectory folder;
    const auto printed = run(folder.path(), {"run", recipes + "mnist.yaml", "train.epochs=1",
                                             std::string("precision=") + precision});
    CAPTURE(printed.err);
    REQUIRE(printed.code == 0);
    CHECK(shown_run(folder).at("device").get<std::string>().starts_with("cuda:0"));
    const auto listed = run(folder.path(), {"list", "--json", "--columns", "eval/accuracy"});
    CHECK(Json::parse(listed.out).at(0).at("eval/accuracy").get<double>() > 0.98);
  }
}

TEST_CASE("a GPU gives nearly the losses of the CPU on the same recipe and seed") {
  if (no_gpu()) return;
  const TemporaryDirectory folder;
  const auto loss = [&](const std::string& device) {
    const auto printed =
        run(folder.path(), {"run", recipes + "synthetic.yaml", "train.max_steps=50",
                            "topology={name: single, device: " + device + "}"});
    CAPTURE(printed.err);
    REQUIRE(printed.code == 0);
    const auto listed =
        run(folder.path(), {"list", "--json", "--limit", "1", "--columns", "train/loss"});
    return Json::parse(listed.out).at(0).at("train/loss").get<double>();
  };
  CHECK(loss("cuda") == doctest::Approx(loss("cpu")).epsilon(1e-3));
}

TEST_CASE("NCCL carries the gradients of one rank, and they are those without it") {
  if (no_gpu()) return;
  const TemporaryDirectory folder;
  const auto loss = [&](const std::string& topology) {
    const auto printed = run(folder.path(), {"run", recipes + "synthetic.yaml",
                                             "train.max_steps=50", "topology=" + topology});
    CAPTURE(printed.err);
    REQUIRE(printed.code == 0);
    return last_run(folder, "train/loss").at("train/loss").get<double>();
  };
  CHECK(loss("{name: ddp, devices: 1, backend: nccl}") ==
        doctest::Approx(loss("{name: single, device: cuda}")).epsilon(1e-6));
}

TEST_CASE("a whole step as a CUDA graph trains as one that is told operation by operation") {
  if (no_gpu()) return;
  for (const std::string optimizer : {"{name: sgd, lr: 0.1, momentum: 0.9}", "adamw", "adadelta",
                                      "adagrad", "adamax", "nadam", "radam", "rmsprop", "lion"}) {
    CAPTURE(optimizer);
    const TemporaryDirectory folder;
    const auto loss = [&](const std::string& graph) {
      const auto printed = run(folder.path(), {"run", recipes + "mnist.yaml", "train.max_steps=200",
                                               "train.clip_norm=1", "optimizer=" + optimizer,
                                               "train.cuda_graph=" + graph, "eval.every=null"});
      CAPTURE(printed.err);
      REQUIRE(printed.code == 0);
      CHECK(printed.err.find("train.cuda_graph") == std::string::npos);
      return last_run(folder, "eval/loss").at("eval/loss").get<double>();
    };
    CHECK(loss("true") == doctest::Approx(loss("false")).epsilon(0.05));
  }
}

TEST_CASE("the recipe for speed reaches 99 % on a GPU, as a graph") {
  if (no_gpu()) return;
  const TemporaryDirectory folder;
  const auto printed = run(folder.path(), {"run", recipes + "mnist_fast.yaml"});
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  CHECK(printed.err.find("train.cuda_graph") == std::string::npos);
  CHECK(last_run(folder, "eval/accuracy").at("eval/accuracy").get<double>() > 0.99);
}

TEST_CASE("several trials of a sweep share a GPU") {
  if (no_gpu()) return;
  const TemporaryDirectory folder;
  const auto printed =
      run(folder.path(),
          {"run", recipes + "synthetic.yaml", "matrix={seed: [1, 2, 3, 4]}", "sweep.per_gpu=4",
           "train.max_steps=50", "topology={name: single, device: cuda}", "--json"});
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  const auto listed = run(folder.path(), {"list", "--json", "--where", "status = done"});
  CHECK(Json::parse(listed.out).size() == 4);
}
