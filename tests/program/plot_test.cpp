#include "registry/description.hpp"
#include "tests/program/program.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

constexpr auto recipe =
    "model: mlp\n"
    "dataset: {name: synthetic, samples: 100}\n"
    "loss: cross_entropy\n"
    "optimizer: {name: sgd, lr: 0.5}\n"
    "scheduler: {name: polynomial, interval: step}\n"
    "train: {batch_size: 30, epochs: 2}\n";

}  // namespace

TEST_CASE("plot gives the learning rate of every step, without training") {
  const TemporaryDirectory folder;
  folder.write("small.yaml", recipe);
  const auto printed = run(folder.path(), {"plot", "--schedule", "small.yaml", "--csv"});
  CHECK(printed.code == 0);
  CHECK(printed.out ==
        "step,epoch,lr\n"
        "0,0,0.5\n"
        "1,0.3,0.4375\n"
        "2,0.6,0.375\n"
        "3,0.9,0.3125\n"
        "4,1,0.25\n"
        "5,1.3,0.1875\n"
        "6,1.6,0.125\n"
        "7,1.9,0.0625\n");
}

TEST_CASE("plot gives at most so many points as JSON, the first and the last step among them") {
  const TemporaryDirectory folder;
  folder.write("small.yaml", recipe);
  const auto printed = run(folder.path(), {"plot", "--schedule", "small.yaml", "scheduler=step",
                                           "--json", "--points", "3"});
  const auto json = Json::parse(printed.out);
  CHECK(json.at("steps") == 8);
  CHECK(json.at("steps_per_epoch") == 4);
  CHECK(json.at("depends_on_training") == false);
  CHECK(json.at("scheduler").at("name") == "step");
  CHECK(json.at("points") == Json::parse(R"([{"step": 0, "epoch": 0.0, "lr": 0.5},
                                             {"step": 4, "epoch": 1.0, "lr": 0.05},
                                             {"step": 7, "epoch": 1.9, "lr": 0.05}])"));
}

TEST_CASE("plot draws the course of the learning rate") {
  const TemporaryDirectory folder;
  folder.write("small.yaml", recipe);
  const auto printed = run(folder.path(), {"plot", "--schedule", "small.yaml"});
  CHECK(printed.code == 0);
  CHECK(printed.out.starts_with(
      "small: learning rate by scheduler polynomial, 8 steps, 2 epochs of 4 steps\n"
      "\n"
      "       0.5 │⠉⠉"));
  CHECK(printed.out.find("    0.0625 │") != std::string::npos);
}

TEST_CASE("plot says that reduce_on_plateau depends on the training") {
  const TemporaryDirectory folder;
  folder.write("small.yaml", recipe);
  const auto printed =
      run(folder.path(), {"plot", "--schedule", "small.yaml", "scheduler=reduce_on_plateau"});
  CHECK(printed.code == 0);
  CHECK(printed.out.find("\nThis scheduler waits for a metric: what training makes of it cannot be "
                         "drawn before; this is its course without a change.\n") !=
        std::string::npos);
}

TEST_CASE("plot answers a wrong recipe and a forgotten --schedule as the user's mistakes") {
  const TemporaryDirectory folder;
  folder.write("small.yaml", recipe);
  const auto wrong = run(folder.path(), {"plot", "--schedule", "small.yaml", "scheduler.powr=2"});
  CHECK(wrong.code == 2);
  CHECK(wrong.err ==
        "argument 'scheduler.powr=2': scheduler 'polynomial' has no field 'powr'; did you mean "
        "'power'?\n"
        "    1 | scheduler.powr=2\n"
        "      |           ^\n");
  const auto forgotten = run(folder.path(), {"plot", "small.yaml"});
  CHECK(forgotten.code == 2);
  CHECK(forgotten.err ==
        "runner: small.yaml is a recipe, and plot draws runs and sweeps; runner plot --schedule "
        "small.yaml draws the learning rate that it gives a run\n");
}

TEST_CASE("a run's confusion matrix is the same on any number of ranks, and after it was resumed") {
  const auto trained = [](const TemporaryDirectory& folder, std::vector<std::string> words) {
    words.insert(words.begin(),
                 {"run", std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml",
                  "dataset.noise=1", "dataset.eval_samples=501", "precision=fp64", "train.epochs=1",
                  "save.every=50 steps", "eval.every=50 steps", "eval.metrics=[confusion_matrix]"});
    const auto printed = run(folder.path(), words);
    CAPTURE(printed.err);
    CHECK(printed.code == 0);
  };
  const auto counts = [](const TemporaryDirectory& folder, const std::string& step) {
    const auto printed =
        run(folder.path(), {"plot", "last", "--confusion", "--json", "--step", step});
    CAPTURE(printed.err);
    return Json::parse(printed.out).at("counts");
  };
  const TemporaryDirectory one, three;
  trained(one, {"topology={name: single, device: cpu}"});
  trained(three, {"topology={name: ddp, device: cpu, devices: 3}", "train.max_steps=120"});
  CHECK(counts(one, "50").at(7).size() == 10);
  CHECK(counts(three, "50") == counts(one, "50"));
  CHECK(run(three.path(), {"resume", "last", "train.max_steps=null"}).code == 0);
  CHECK(counts(three, "100") == counts(one, "100"));
  CHECK(counts(three, "150") == counts(one, "150"));
  CHECK(shown_run(three).at("matrices").at("eval/confusion_matrix").at("steps") ==
        Json::parse("[50, 100, 120, 150, 157]"));
}
