#include "tests/program/program.hpp"

#include <algorithm>
#include <cmath>
#include <regex>

#include <doctest/doctest.h>
#include <signal.h>

using namespace runner;

namespace {

Printed train(const TemporaryDirectory& folder, std::vector<std::string> words) {
  words.insert(words.begin(), {"run", std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml",
                               "topology={name: single, device: cpu}", "train.epochs=1"});
  return run(folder.path(), words);
}

std::string last_id(const TemporaryDirectory& folder) {
  return shown_run(folder).at("id").get<std::string>();
}

/// What `runner bisect` says of two runs, the first trained with `left`, the second with `right`.
Json bisected(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  const TemporaryDirectory folder;
  std::vector<std::string> ids;
  for (auto words : {left, right}) {
    words.insert(words.end(), {"ledger=on", "train.max_steps=20"});
    CHECK(train(folder, words).code == 0);
    ids.push_back(last_id(folder));
  }
  const auto printed = run(folder.path(), {"bisect", ids[0], ids[1], "--json"});
  const auto found = Json::parse(printed.out);
  CHECK(printed.code == (found.at("step").is_null() ? 0 : 1));
  return found;
}

std::vector<std::string> what_differs(const Json& bisected) {
  std::vector<std::string> names;
  for (const auto& each : bisected.at("differs")) names.push_back(each.at("what"));
  return names;
}

}  // namespace

TEST_CASE("--fast-dev-run takes so many steps, evaluates so many batches, and saves nothing") {
  const TemporaryDirectory folder;
  const auto printed = train(folder, {"--fast-dev-run", "2", "eval.batch_size=100"});
  CHECK(printed.code == 0);
  CHECK(std::regex_search(printed.out,
                          std::regex("epoch 0\\.0128, step 2: .*accuracy: [0-9]+/200 ")));
  CHECK(printed.out.find("is done: 2 steps") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder.path() / ".runner" / "checkpoints"));
  const auto settings = shown_run(folder).at("settings");
  CHECK(settings.at("train.max_steps").at("value") == 2);
}

TEST_CASE("--overfit-batches trains on the first batches and evaluates on them") {
  const TemporaryDirectory folder;
  const auto printed = train(folder, {"--overfit-batches", "3", "train.epochs=30"});
  CHECK(printed.code == 0);
  CHECK(printed.out.find("30 epochs x 3 steps = 90 steps") != std::string::npos);
  CHECK(printed.out.find("epoch 30, step 90: average loss: 0.0") != std::string::npos);
  CHECK(printed.out.find("accuracy: 192/192 (100.00 %)") != std::string::npos);
}

TEST_CASE("a limit beyond the data leaves it whole, its smaller last batch with it") {
  const TemporaryDirectory folder;
  const auto printed = train(folder, {"train.limit_batches=157", "eval.limit_batches=99"});
  CHECK(printed.out.find("10,000 training and 2,000 evaluation samples") != std::string::npos);
}

TEST_CASE("--profile shows the largest operations of a step, and writes a trace") {
  const TemporaryDirectory folder;
  const auto printed = train(folder, {"--profile"});
  CAPTURE(printed.out);
  CHECK(printed.code == 0);
  CHECK(printed.err == "");
  CHECK(printed.out.find("the largest of one step, over 20 steps\n") != std::string::npos);
  CHECK(std::regex_search(printed.out, std::regex("aten::addmm +2 +[0-9.]+ +[0-9.]+\n")));
  CHECK(std::regex_search(printed.out, std::regex("aten::_fused_adamw_ +1 +[0-9.]+ +[0-9.]+\n")));
  const auto logs = std::filesystem::path(shown_run(folder).at("logs").get<std::string>());
  const auto trace = Json::parse(read_file(logs / "trace-rank0.json"));
  const auto& events = trace.at("traceEvents");
  const auto steps = std::count_if(events.begin(), events.end(), [](const Json& event) {
    return event.value("name", "") == "aten::_fused_adamw_";
  });
  CHECK(steps == 20);
}

TEST_CASE("a run that ends while it is traced tells of the steps that it made") {
  const TemporaryDirectory folder;
  const auto printed = train(folder, {"train.max_steps=7", "profile={steps: 20, skip: 3}"});
  CHECK(printed.out.find("the largest of one step, over 4 steps\n") != std::string::npos);
}

TEST_CASE("a run that ends before it is traced says so, and after how many steps that begins") {
  const TemporaryDirectory folder;
  const auto printed = train(folder, {"--profile", "train.max_steps=5"});
  CHECK(printed.code == 0);
  CHECK(printed.err ==
        "runner: WARNING: nothing was profiled: that begins after 10 steps (profile.skip), and "
        "there were 5\n");
}

TEST_CASE("a run whose batches take longer to make than to train on says so") {
  const TemporaryDirectory folder;
  const auto printed = train(
      folder, {"dataset={name: synthetic, samples: 500, eval_samples: 10, shape: [3, 200, 200]}",
               "dataset.classes=2", "train.batch_size=250", "precision=fp64", "model.hidden=[]",
               "optimizer={name: sgd, lr: 0}", "train.epochs=100000", "train.max_time=3 seconds",
               "eval.every=null", "save.every=null"});
  CHECK(printed.code == 0);
  CHECK(std::regex_match(
      printed.err, std::regex("runner: WARNING: [3-9][0-9] % of the training time went into making "
                              "batches\n")));
}

TEST_CASE("numbers on the command line that are too small are refused in a few words") {
  const TemporaryDirectory folder;
  const auto recipe = std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml";
  const auto refusal = [&](const std::vector<std::string>& words) {
    const auto printed = run(folder.path(), words);
    CHECK(printed.code == 2);
    return printed.err;
  };
  CHECK(refusal({"run", recipe, "--fast-dev-run", "0"})
            .find("--fast-dev-run: expected a number of at least 1, not 0\n") != std::string::npos);
  CHECK(refusal({"run", recipe, "--overfit-batches", "-1"})
            .find("--overfit-batches: expected a number of at least 1, not -1\n") !=
        std::string::npos);
  CHECK(refusal({"lr-find", recipe, "--from", "-1"})
            .find("--from: expected a number above 0, not -1\n") != std::string::npos);
}

TEST_CASE("the first NaN is named with its operation and its layer") {
  const TemporaryDirectory folder;
  const auto plain = train(folder, {"optimizer.lr=1e30"});
  CHECK(std::regex_search(plain.err, std::regex("failed after .*: loss is NaN at step 2\n")));
  const auto looked = train(folder, {"optimizer.lr=1e30", "detect_anomaly=true"});
  CHECK(looked.code == 1);
  // Whether infinities of both signs meet in the product depends on the order in which a CPU adds.
  CHECK(std::regex_search(
      looked.err,
      std::regex("failed after .*: NaN at step 2; the first (NaN|infinity) is from aten::addmm, "
                 "in the forward pass in layers\\.2[;\n]")));
  CHECK(train(folder, {"detect_anomaly=true", "train.max_steps=20"}).code == 0);
}

TEST_CASE("a deterministic run gives the same bits as one that need not be, on a CPU") {
  const auto found = bisected({}, {"deterministic=true"});
  CHECK(found.at("same_steps") == 20);
  CHECK(found.at("step").is_null());
}

TEST_CASE("the gradient noise scale is recorded, and leaves the training as it is") {
  const auto found = bisected({}, {"train.gradient_noise=true", "log.every=3 steps"});
  CHECK(found.at("step").is_null());
  const auto scale = [](const std::string& topology) {
    const TemporaryDirectory folder;
    train(folder, {"train.gradient_noise=true", "train.max_steps=40", "precision=fp64", topology});
    return shown_run(folder)
        .at("metrics")
        .at("train/gradient_noise_scale")
        .at("last")
        .get<double>();
  };
  const auto alone = scale("topology={name: single, device: cpu}");
  CHECK(alone > 1);
  CHECK(scale("topology={name: ddp, device: cpu, devices: 2}") ==
        doctest::Approx(alone).epsilon(1e-6));
}

TEST_CASE("bisect names the step and what first differs in it") {
  SUBCASE("an optimizer that updates otherwise shows in the weights") {
    const auto found = bisected({}, {"optimizer.weight_decay=0.02"});
    CHECK(found.at("same_steps") == 0);
    CHECK(found.at("step") == 1);
    CHECK(what_differs(found) ==
          std::vector<std::string>{"weight layers.0.weight", "weight layers.0.bias",
                                   "weight layers.2.weight", "weight layers.2.bias"});
  }
  SUBCASE("other data shows in the loss") {
    const auto found = bisected({}, {"dataset.seed=5"});
    CHECK(found.at("step") == 1);
    CHECK(what_differs(found).front() == "loss");
  }
  SUBCASE("a schedule shows where it changes") {
    const auto found = bisected({}, {"scheduler={name: step, interval: step, step_size: 12}"});
    CHECK(found.at("same_steps") == 12);
    CHECK(found.at("step") == 13);
    CHECK(what_differs(found).front() == "weight layers.0.weight");
  }
}

TEST_CASE("bisect says in words what differs, and what is missing") {
  const TemporaryDirectory folder;
  train(folder, {"ledger=on", "train.max_steps=2"});
  const auto first = last_id(folder);
  train(folder, {"ledger=on", "train.max_steps=2", "optimizer.lr=0.1"});
  const auto second = last_id(folder);
  const auto printed = run(folder.path(), {"bisect", first, second});
  CHECK(printed.code == 1);
  CHECK(
      printed.out.starts_with("0 steps are the same; in step 1 the first that differs is the "
                              "weight of layers.0.weight, and 3 more.\n\nstep 1 "));
  CHECK(run(folder.path(), {"bisect", first, first}).out ==
        "all 2 steps are the same, bit by bit\n");
  train(folder, {"ledger=on", "train.max_steps=5"});
  const auto longer = last_id(folder);
  CHECK(run(folder.path(), {"bisect", first, longer}).out ==
        "all 2 steps are the same, bit by bit; " + longer +
            " has 3 steps that the other has not\n");
  CHECK(run(folder.path(), {"bisect", longer, first}).out ==
        "all 2 steps are the same, bit by bit; " + longer +
            " has 3 steps that the other has not\n");
  train(folder, {"train.max_steps=2"});
  const auto without = run(folder.path(), {"bisect", first, "last"});
  CHECK(without.code == 2);
  CHECK(without.err ==
        "runner: run " + last_id(folder) + " has no ledger; train it with ledger=on\n");
}

TEST_CASE("a resumed run's ledger is that of one that was never interrupted") {
  const TemporaryDirectory folder;
  const std::vector<std::string> words{"ledger=on", "train.epochs=20", "train.max_steps=1000",
                                       "save.every=100 steps"};
  CHECK(train(folder, words).code == 0);
  const auto whole = last_id(folder);
  auto arguments = words;
  arguments.insert(arguments.begin(),
                   {"run", std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml",
                    "topology={name: single, device: cpu}"});
  Program program(folder.path(), arguments);
  REQUIRE(program.wait_for("epoch 3,"));
  program.signal(SIGINT);
  CHECK(program.wait().code == 3);
  const auto resumed = last_id(folder);
  CHECK(run(folder.path(), {"resume", resumed}).code == 0);
  CHECK(run(folder.path(), {"bisect", whole, resumed}).out ==
        "all 1000 steps are the same, bit by bit\n");
}

TEST_CASE("lr-find suggests a learning rate where the loss falls") {
  const TemporaryDirectory folder;
  const auto recipe = std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml";
  const auto printed = run(folder.path(), {"lr-find", recipe, "--json"});
  CHECK(printed.code == 0);
  const auto found = Json::parse(printed.out);
  const auto& points = found.at("points");
  CHECK(points.front().at("lr").get<double>() == doctest::Approx(1e-7));
  CHECK(points.at(50).at("lr").get<double>() == doctest::Approx(1e-7 * std::pow(1e8, 50.0 / 99)));
  CHECK(found.at("suggestion").get<double>() > 1e-4);
  CHECK(found.at("suggestion").get<double>() < 1);
  CHECK_FALSE(std::filesystem::exists(folder.path() / ".runner"));
  const auto drawn = run(folder.path(), {"lr-find", recipe}).out;
  CHECK(std::regex_search(drawn, std::regex("The loss falls fastest at ([0-9.e-]+): "
                                            "optimizer\\.lr=\\1\n$")));
}

TEST_CASE("lr-find refuses a range that does not grow") {
  const TemporaryDirectory folder;
  const auto printed =
      run(folder.path(), {"lr-find", std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml",
                          "--from", "10", "--to", "1"});
  CHECK(printed.code == 2);
  CHECK(printed.err == "runner: --from must be less than --to\n");
}

TEST_CASE("batch-find tries batches of twice the size each time, and names the quickest") {
  const TemporaryDirectory folder;
  const auto printed =
      run(folder.path(), {"batch-find", std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml",
                          "dataset.samples=100", "--json"});
  CHECK(printed.code == 0);
  const auto found = Json::parse(printed.out);
  std::vector<std::int64_t> sizes;
  double quickest = 0;
  for (const auto& tried : found.at("tried")) {
    sizes.push_back(tried.at("batch_size"));
    quickest = std::max(quickest, tried.at("samples_per_second").get<double>());
    CHECK(tried.at("memory_mib").get<double>() > 50);
  }
  CHECK(sizes == std::vector<std::int64_t>{8, 16, 32, 64});
  for (const auto& tried : found.at("tried"))
    if (tried.at("batch_size") == found.at("suggestion"))
      CHECK(tried.at("samples_per_second").get<double>() >= 0.97 * quickest);
}

TEST_CASE("throughput, memory and the wait for data are recorded") {
  const TemporaryDirectory folder;
  train(folder, {});
  const auto metrics = shown_run(folder).at("metrics");
  CHECK(metrics.at("system/samples_per_second").at("last") > 0);
  CHECK(metrics.at("system/memory_mib").at("last") > 50);
  CHECK(metrics.at("system/data_wait").at("last") >= 0);
  CHECK(metrics.at("system/data_wait").at("last") < 1);
}
