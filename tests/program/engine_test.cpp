#include "tests/program/program.hpp"

#include <cmath>
#include <regex>

#include <doctest/doctest.h>

using namespace runner;

namespace {

Printed train(const TemporaryDirectory& folder, std::vector<std::string> overrides) {
  overrides.insert(overrides.begin(),
                   {"run", std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml",
                    "topology={name: single, device: cpu}"});
  return run(folder.path(), overrides);
}

}  // namespace

TEST_CASE("every precision trains") {
  for (const auto* precision : {"tf32", "bf16-mixed", "fp16-mixed", "bf16-true", "fp64"}) {
    CAPTURE(precision);
    const TemporaryDirectory folder;
    const auto printed = train(folder, {std::string("precision=") + precision});
    CAPTURE(printed.err);
    CHECK(printed.code == 0);
    const auto metrics = shown_run(folder).at("metrics");
    CHECK(metrics.at("train/loss").at("last") <
          0.5 * metrics.at("train/loss").at("max").get<double>());
    CHECK(metrics.contains("train/loss_scale") == (precision == std::string("fp16-mixed")));
  }
}

TEST_CASE("groups of parameters are shown with their optimizers and sizes") {
  const TemporaryDirectory folder;
  const auto printed =
      train(folder, {"train.max_steps=3",
                     "optimizer={name: muon, groups: [{match: '*.bias', name: adamw}, {match: "
                     "'layers.0.*', frozen: true}]}"});
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  CHECK(std::regex_search(printed.out, std::regex("group +optimizer +params\n"
                                                  "\\*\\.bias +adamw +[0-9,]+\n"
                                                  "layers\\.0\\.\\* +frozen +[0-9,]+\n"
                                                  "all others +muon +[0-9,]+\n")));
}

TEST_CASE("a matrix optimizer says which parameter is none, and what to do") {
  const TemporaryDirectory folder;
  const auto printed = train(folder, {"optimizer=muon"});
  CHECK(printed.code == 2);
  CHECK(printed.err.find("optimizer 'muon' updates matrices, but layers.0.bias is [64]: give it "
                         "another optimizer with optimizer.groups, e.g. [{match: 'layers.0.bias', "
                         "name: adamw}]\n") != std::string::npos);
}

TEST_CASE("what only the model can tell to be a mistake is the user's, too") {
  const TemporaryDirectory folder;
  const auto idle = train(folder, {"optimizer.groups=[{match: 'head.*', lr: 1}]"});
  CHECK(idle.code == 2);
  CHECK(
      idle.err.ends_with(": optimizer.groups[0].match: 'head.*' matches no parameter that is left; "
                         "there are layers.0.weight, "
                         "layers.0.bias, layers.2.weight, layers.2.bias\n"));
  const auto frozen = train(folder, {"optimizer.groups=[{match: '*', frozen: true}]"});
  CHECK(frozen.code == 2);
  CHECK(frozen.err.ends_with(
      ": optimizer.groups: every parameter is frozen; there is nothing to train\n"));
}

TEST_CASE("a file with weights that is none is a mistake before there is a run") {
  const TemporaryDirectory folder;
  folder.write("text.safetensors", "no tensors at all");
  folder.write("short", "1");
  for (const auto& [weights, refusal] : std::vector<std::pair<std::string, std::string>>{
           {"/tmp/nope.safetensors", "no file /tmp/nope.safetensors"},
           {"./nope", "no file ./nope"},
           {"text.safetensors", "text.safetensors is no safetensors file"},
           {"short", "short is no safetensors file"},
           {folder.path().string(), folder.path().string() + " is no safetensors file"}}) {
    const auto printed = train(folder, {"init_from.weights=" + weights});
    CHECK(printed.code == 2);
    CHECK(printed.err == "runner: init_from.weights: " + refusal + "\n");
  }
  CHECK_FALSE(std::filesystem::exists(folder.path() / ".runner"));
}

TEST_CASE(
    "a batch has as many parts as it has samples at most, on ranks and at an epoch's end, too") {
  const auto loss = [](const std::vector<std::string>& more) {
    const TemporaryDirectory folder;
    std::vector<std::string> words{"precision=fp64", "dataset.samples=130", "train.epochs=2"};
    words.insert(words.end(), more.begin(), more.end());
    const auto printed = train(folder, words);
    CAPTURE(printed.err);
    REQUIRE(printed.code == 0);
    return shown_run(folder).at("metrics").at("eval/loss").at("last").get<double>();
  };
  const auto whole = loss({});
  CHECK(std::abs(loss({"train.accumulate=64"}) - whole) < 1e-10);
  CHECK(std::abs(loss({"train.accumulate=64", "topology={name: ddp, device: cpu, devices: 3}"}) -
                 whole) < 1e-10);
}

TEST_CASE("a run ends when its time is over, with an evaluation and a checkpoint") {
  const TemporaryDirectory folder;
  const auto printed = train(folder, {"train.epochs=100000", "train.max_time=1 second"});
  CHECK(printed.code == 0);
  CHECK(std::regex_search(printed.out,
                          std::regex("is done: [0-9,]+ steps in [^;]+; train.max_time is over at "
                                     "step [0-9]+\n$")));
  CHECK(last_run(folder).at("status") == "done");
}

TEST_CASE("a run that no longer gets better ends early") {
  const TemporaryDirectory folder;
  const auto printed =
      train(folder, {"train.epochs=100000", "early_stopping={patience: 2, min_delta: 100}"});
  CHECK(printed.code == 0);
  CHECK(std::regex_search(printed.out,
                          std::regex("; stopped early at step 471: eval/loss has not become better "
                                     "than [0-9.]+ in 2 evaluations\n$")));
}

TEST_CASE("metrics that the recipe names are printed, and those of classes stored") {
  const TemporaryDirectory folder;
  const auto printed = train(folder, {"train.epochs=1",
                                      "eval.metrics=[{name: top_k, k: 3}, perplexity, {name: f1, "
                                      "per_class: true}]"});
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  CHECK(std::regex_search(
      printed.out, std::regex(" %\\), top_3: [01]\\.[0-9]{4}, perplexity: [0-9.]+, precision: "
                              "[01]\\.[0-9]{4}, recall: [01]\\.[0-9]{4}, f1: [01]\\.[0-9]{4}\n")));
  CHECK(shown_run(folder).at("metrics").contains("eval/f1/9"));
}

TEST_CASE("an infinite metric is a text in live JSON, and no checkpoint is the best by it") {
  const TemporaryDirectory folder;
  const auto printed =
      train(folder, {"eval={metrics: [perplexity], every: 1 step}",
                     "optimizer={name: sgd, lr: 3000}", "train.max_steps=1",
                     "save={every: 1 step, keep_best: {metric: eval/perplexity}}", "--json"});
  CHECK(printed.code == 0);
  CHECK(printed.out.find("\"eval/perplexity\":\"Infinity\"") != std::string::npos);
  CHECK(printed.out.find("\"eval/perplexity\":null") == std::string::npos);
  const auto best = run(folder.path(), {"export", "last@best", "--to", "best.safetensors"});
  CHECK(best.code == 2);
  const auto id = shown_run(folder).at("id").get<std::string>();
  CHECK(best.err == "runner: no checkpoint of run " + id +
                        " is the best: eval/perplexity is infinite at step 1; expected a step of "
                        "1\n");
}

TEST_CASE("a part of the batch at a time, clipped and averaged, trains the same model") {
  const auto loss = [](const std::vector<std::string>& more) {
    const TemporaryDirectory folder;
    std::vector<std::string> words{"precision=fp64", "train.max_steps=30", "train.clip_norm=0.5",
                                   "train.ema_decay=0.9"};
    words.insert(words.end(), more.begin(), more.end());
    REQUIRE(train(folder, words).code == 0);
    return shown_run(folder).at("metrics").at("eval/loss").at("last").get<double>();
  };
  const auto whole = loss({});
  CHECK(std::abs(loss({"train.micro_batch_size=10"}) - whole) < 1e-10);
  CHECK(std::abs(loss({"topology={name: ddp, device: cpu, devices: 3}"}) - whole) < 1e-10);
  CHECK(std::abs(loss({"train.ema_decay=null"}) - whole) > 1e-4);
}

TEST_CASE("a recipe of numbers trains, and nothing of classes appears in its results") {
  const TemporaryDirectory folder;
  const auto printed =
      run(folder.path(), {"run", std::string(RUNNER_SOURCE_DIR) + "/recipes/regression.yaml"});
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  CHECK(std::regex_search(
      printed.out,
      std::regex("epoch 10, step 1570: average loss: [0-9.]+, mae: [0-9.]+, r2: 0\\.9[0-9]+\n")));
  CHECK(printed.out.find("accuracy") == std::string::npos);
  const auto metrics = shown_run(folder).at("metrics");
  CHECK_FALSE(metrics.contains("eval/accuracy"));
  CHECK(metrics.at("eval/r2").at("last").get<double>() > 0.95);
}

TEST_CASE("plateaus, early stopping and the best checkpoint go by any metric of eval.metrics") {
  const TemporaryDirectory folder;
  const auto printed =
      train(folder, {"train.epochs=30", "eval.metrics=[{name: f1, per_class: true}, {name: top_k}]",
                     "scheduler={name: reduce_on_plateau, metric: eval/top_5, mode: max, "
                     "patience: 0, threshold: 0.5, factor: 0.5}",
                     "early_stopping={metric: eval/f1, mode: max, patience: 4, min_delta: 1}",
                     "save={keep_best: {metric: eval/f1/3, mode: max}}"});
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  CHECK(printed.out.find("stopped early at step 785: eval/f1 has not become better than") !=
        std::string::npos);
  const auto metrics = shown_run(folder).at("metrics");
  CHECK(metrics.at("train/lr").at("last") == 0.001 / 8);
  CHECK(metrics.at("eval/f1/3").at("count") == 5);
}
