#include "experiments/store.hpp"
#include "registry/datasets/digest.hpp"
#include "tests/program/program.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fstream>
#include <random>
#include <regex>
#include <set>
#include <thread>
#include <tuple>

#include <doctest/doctest.h>
#include <signal.h>

using namespace runner;

namespace {

const std::string recipes = std::string(RUNNER_SOURCE_DIR) + "/recipes/";

using Words = std::vector<std::string>;

std::string ranks(const std::string& name, int count) {
  return "topology={name: " + name + ", device: cpu, devices: " + std::to_string(count) +
         ", threads: 1}";
}

/// 630 steps with everything that has a state.
Words training(const std::string& topology) {
  return {"run",
          recipes + "synthetic.yaml",
          topology,
          "model.dropout=0.3",
          "optimizer={name: nadam, lr: 0.01, groups: [{match: '*.bias', name: sgd, lr: 0.1, "
          "momentum: 0.9}]}",
          "scheduler={name: reduce_on_plateau, patience: 1, threshold: 0.05}",
          "dataset.samples=1010",
          "train={batch_size: 50, epochs: 30, ema_decay: 0.9, clip_norm: 1.0}",
          "log.every=7 steps",
          "save={every: 10 steps, keep_last: 3}"};
}

using Point = std::tuple<std::string, std::int64_t, double>;

/// What a run has come to: every point, and the last checkpoint's tensors.
struct Result {
  std::vector<Point> points;
  std::map<std::string, std::string> digests;

  bool operator==(const Result&) const = default;
};

std::filesystem::path database(const TemporaryDirectory& folder) {
  return folder.path() / ".runner" / "experiments.db";
}

Checkpoint newest_checkpoint(const TemporaryDirectory& folder) {
  Store store = Store::open(database(folder));
  auto run = store.database().prepare("SELECT id FROM runs ORDER BY id DESC LIMIT 1");
  REQUIRE(run.step());
  const auto all = store.checkpoints(run.text(0));
  REQUIRE_FALSE(all.empty());
  return all.front();
}

Result result_of(const TemporaryDirectory& folder) {
  Result result;
  Store store = Store::open(database(folder));
  auto points = store.database().prepare(
      "SELECT name, step, value FROM metrics WHERE name NOT LIKE 'system/%' ORDER BY 1, 2");
  while (points.step())
    result.points.emplace_back(points.text(0), points.integer(1), points.real(2));
  for (const auto& file : Json::parse(newest_checkpoint(folder).files)) {
    const auto name = file.at("name").get<std::string>();
    if (name != "training.safetensors") result.digests[name] = file.at("sha256");  // has the time
  }
  return result;
}

/// Whether a run is in the store already.
bool has_begun(const TemporaryDirectory& folder) {
  if (!std::filesystem::exists(database(folder))) return false;
  Store store = Store::open(database(folder));
  return store.database().integer("SELECT count(*) FROM runs") > 0;
}

/// A run that nothing stops.
Result straight(const Words& words) {
  const TemporaryDirectory folder;
  const auto printed = run(folder.path(), words);
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  return result_of(folder);
}

Result straight(const std::string& topology) { return straight(training(topology)); }

/// Ctrl-C after the second epoch, and on from there.
void interrupt_and_resume(const TemporaryDirectory& folder, const Words& words) {
  Program program(folder.path(), words);
  REQUIRE(program.wait_for("epoch 2,"));
  program.signal(SIGINT);
  CHECK(program.wait().code == 3);
  const auto resumed = run(folder.path(), {"resume", "last"});
  CAPTURE(resumed.err);
  REQUIRE(resumed.code == 0);
  CHECK(resumed.out.find("resumed    after step ") != std::string::npos);
}

/// The small values of the newest checkpoint's training.safetensors.
Json training_values(const TemporaryDirectory& folder) {
  const auto text = read_file(newest_checkpoint(folder).folder + "/training.safetensors");
  std::uint64_t length = 0;
  std::memcpy(&length, text.data(), sizeof length);
  const auto header = Json::parse(text.substr(sizeof length, length));
  return Json::parse(header.at("__metadata__").at("values").get<std::string>());
}

bool is_saving(const std::filesystem::path& checkpoints) {
  std::error_code ignored;
  for (const auto& run_folder : std::filesystem::directory_iterator(checkpoints, ignored))
    for (const auto& entry : std::filesystem::directory_iterator(run_folder.path(), ignored))
      if (entry.path().extension() == ".tmp") return true;
  return false;
}

void check_same(const Result& found, const Result& wanted) {
  CHECK(found.digests == wanted.digests);
  CHECK(found.points == wanted.points);
}

}  // namespace

TEST_CASE("the checkpoint of the last step has the measurements of the last evaluation") {
  const TemporaryDirectory folder;
  REQUIRE(run(folder.path(), {"run", recipes + "synthetic.yaml", "train.max_steps=20",
                              "save.every=20 steps", "eval.every=null"})
              .code == 0);
  const auto checkpoints = shown_run(folder).at("checkpoints");
  REQUIRE(checkpoints.size() == 1);
  CHECK(checkpoints[0].at("measured").contains("eval/accuracy"));
  CHECK(run(folder.path(), {"export", "last@best", "--to", "best.safetensors"}).code == 0);
}

TEST_CASE("show lists the checkpoints that a run can go on from") {
  const TemporaryDirectory folder;
  REQUIRE(run(folder.path(), {"run", recipes + "synthetic.yaml", "train.epochs=3",
                              "save={keep_last: 2, keep_best: {n: 0}}"})
              .code == 0);
  const auto checkpoints = shown_run(folder).at("checkpoints");
  REQUIRE(checkpoints.size() == 2);
  CHECK(checkpoints[0].at("step") == 471);
  CHECK(checkpoints[1].at("step") == 314);
  CHECK(checkpoints[0].at("epoch") == 3);
  CHECK(checkpoints[0].at("measured").at("eval/accuracy") == 1);
  for (const auto& file : checkpoints[0].at("files")) {
    const auto path = std::filesystem::path(checkpoints[0].at("folder").get<std::string>()) /
                      file.at("name").get<std::string>();
    CHECK(std::filesystem::file_size(path) == file.at("bytes"));
  }
  const auto page = run(folder.path(), {"show"}).out;
  CHECK(std::regex_search(page, std::regex("checkpoint +epoch +size +saved +folder\n"
                                           " +step 471 +3 +[0-9.]+ kB +.*/step-471\n"
                                           " +step 314 +2 +[0-9.]+ kB +.*/step-314\n")));
}

TEST_CASE("a run that was interrupted and resumed ends with the bits of one that was not") {
  for (const auto& topology : {std::string("topology={name: single, device: cpu, threads: 1}"),
                               ranks("ddp", 3), ranks("zero1", 2)}) {
    CAPTURE(topology);
    const TemporaryDirectory folder;
    auto words = training(topology);
    Program program(folder.path(), words);
    REQUIRE(program.wait_for("epoch 2,"));
    program.signal(SIGINT);
    const auto interrupted = program.wait();
    CHECK(interrupted.code == 3);
    CHECK(last_run(folder).at("status") == "interrupted");
    const auto resumed = run(folder.path(), {"resume", "last"});
    CAPTURE(resumed.err);
    CHECK(resumed.code == 0);
    CHECK(resumed.out.find("resumed    after step ") != std::string::npos);
    CHECK(last_run(folder, "status,restarts").at("restarts") == 1);
    check_same(result_of(folder), straight(topology));
  }
}

TEST_CASE("lbfgs, too, is resumed with the same bits, and takes the same steps on three ranks") {
  const auto with_lbfgs = [](const std::string& topology) {
    auto words = training(topology);
    words.emplace_back("optimizer={name: lbfgs, max_iter: 3, line_search_fn: strong_wolfe}");
    words.emplace_back("scheduler=constant");
    words.emplace_back("precision=fp64");
    words.emplace_back("train.max_steps=60");
    return words;
  };
  for (const auto& topology :
       {std::string("topology={name: single, device: cpu, threads: 1}"), ranks("ddp", 3)}) {
    CAPTURE(topology);
    const TemporaryDirectory folder, straight_folder;
    auto words = with_lbfgs(topology);
    REQUIRE(run(straight_folder.path(), words).code == 0);
    words.emplace_back("train.max_steps=27");
    REQUIRE(run(folder.path(), words).code == 0);
    const auto resumed = run(folder.path(), {"resume", "last", "train.max_steps=60"});
    CAPTURE(resumed.err);
    CHECK(resumed.code == 0);
    CHECK(result_of(folder).digests == result_of(straight_folder).digests);
  }
  const TemporaryDirectory alone, divided;
  REQUIRE(run(alone.path(), with_lbfgs("topology=single")).code == 0);
  REQUIRE(run(divided.path(), with_lbfgs(ranks("ddp", 3))).code == 0);
  const auto expected = result_of(alone).points, found = result_of(divided).points;
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(std::get<1>(found[i]) == std::get<1>(expected[i]));
    CHECK(std::get<2>(found[i]) == doctest::Approx(std::get<2>(expected[i])).epsilon(1e-7));
  }
}

TEST_CASE("a run that is killed at random moments, and resumed, loses nothing") {
  using Clock = std::chrono::steady_clock;
  std::mt19937 random(7);
  std::uniform_real_distribution<double> part(0.1, 0.8);
  for (const auto& topology :
       {std::string("topology={name: single, device: cpu, threads: 1}"), ranks("ddp", 2)}) {
    CAPTURE(topology);
    const auto start = Clock::now();
    const auto wanted = straight(topology);
    const auto whole = Clock::now() - start;  // on a slow machine a run must get somewhere, too
    int kills = 0;
    while (kills < 25) {
      const TemporaryDirectory folder;
      auto words = training(topology);
      while (true) {
        Program program(folder.path(), words);
        std::this_thread::sleep_for(part(random) * whole);
        program.signal(SIGKILL);
        const auto printed = program.wait();
        CAPTURE(printed.err);
        // Done, or killed when that was in the store already.
        if (printed.code == 0 || printed.err.find(" is done; ") != std::string::npos) break;
        REQUIRE(printed.code == -SIGKILL);
        ++kills;
        words = has_begun(folder) ? Words{"resume", "last"} : training(topology);
      }
      check_same(result_of(folder), wanted);
    }
  }
}

TEST_CASE("a run that is killed while it saves, and resumed, loses nothing") {
  auto words = training("topology={name: single, device: cpu, threads: 1}");
  words.insert(words.end(), {"model.hidden=[256]", "train.max_steps=200"});
  const auto wanted = straight(words);
  const TemporaryDirectory folder;
  const auto checkpoints = folder.path() / ".runner" / "checkpoints";
  int kills = 0, within_a_save = 0;
  for (auto next = words; kills < 6; next = {"resume", "last"}) {
    Program program(folder.path(), next);
    // First what the last kill has left goes away.
    for (const bool saving : {true, false})
      while (is_saving(checkpoints) == saving && is_running(program.pid())) {
      }
    REQUIRE(is_running(program.pid()));
    kill(children_of(program.pid()).at(0), SIGKILL);  // the worker writes
    program.signal(SIGKILL);
    REQUIRE(program.wait().code == -SIGKILL);
    ++kills;
    within_a_save += is_saving(checkpoints);
  }
  CHECK(within_a_save >= 1);
  REQUIRE(run(folder.path(), {"resume", "last"}).code == 0);
  check_same(result_of(folder), wanted);
  CHECK_FALSE(is_saving(checkpoints));
}

TEST_CASE("fp16's loss scale, clipped and accumulated gradients come back with a resumed run") {
  auto words = training("topology={name: single, device: cpu, threads: 1}");
  words.insert(words.end(), {"precision=fp16-mixed", "train.accumulate=2", "train.clip_norm=0.5",
                             "train.batch_size=2", "dataset.samples=300", "train.epochs=8"});
  const TemporaryDirectory straight_folder, folder;
  REQUIRE(run(straight_folder.path(), words).code == 0);
  interrupt_and_resume(folder, words);
  check_same(result_of(folder), result_of(straight_folder));
  const auto found = training_values(folder), wanted = training_values(straight_folder);
  for (const auto* name : {"factor", "good_steps", "skipped"}) {
    const auto key = std::string("loss_scale.") + name;
    CHECK(found.at(key) == wanted.at(key));
  }
  const auto metrics = shown_run(folder).at("metrics");
  CHECK(metrics.at("train/skipped_steps").at("last") == wanted.at("loss_scale.skipped"));
  CHECK(metrics.at("train/skipped_steps").at("last") > 0);
  CHECK(metrics.at("train/loss_scale").at("last") == wanted.at("loss_scale.factor"));
  CHECK(metrics.at("train/grad_norm").at("max") > 0);
}

TEST_CASE("batch norm's statistics, the gradient noise and early stopping come back, too") {
  for (const auto& topology :
       {std::string("topology={name: single, device: cpu, threads: 1}"), ranks("ddp", 2)}) {
    CAPTURE(topology);
    const Words words{
        "run",
        recipes + "synthetic.yaml",
        topology,
        "model={name: resnet, depth: 8, width: 4}",
        "dataset={name: synthetic, samples: 410, eval_samples: 100, shape: [1, 8, 8]}",
        "optimizer={name: sgd, lr: 0.05, momentum: 0.9}",
        "train={batch_size: 20, epochs: 9, gradient_noise: true}",
        "early_stopping={patience: 3, min_delta: 100}",
        "log.every=7 steps"};
    const TemporaryDirectory folder;
    interrupt_and_resume(folder, words);
    check_same(result_of(folder), straight(words));
    CHECK(shown_run(folder).at("reason").get<std::string>().starts_with("stopped early at step "));
  }
}

TEST_CASE("the number of ranks changes in the middle of an epoch, and nothing else") {
  const auto last_values = [](const TemporaryDirectory& folder) {
    const auto metrics = shown_run(folder).at("metrics");
    return std::pair{metrics.at("train/loss").at("last").get<double>(),
                     metrics.at("eval/loss").at("last").get<double>()};
  };
  auto words = training(ranks("ddp", 2));
  words.insert(words.end(),
               {"precision=fp64", "scheduler=constant", "log.every=1 step", "train.max_steps=70"});
  const TemporaryDirectory straight_folder, folder;
  REQUIRE(run(straight_folder.path(), words).code == 0);
  words.emplace_back("train.max_steps=27");  // an epoch has 21
  REQUIRE(run(folder.path(), words).code == 0);
  for (const auto& [topology, steps] :
       {std::pair{ranks("ddp", 3), "50"}, std::pair{std::string("topology=single"), "70"}}) {
    const auto resumed =
        run(folder.path(), {"resume", "last", topology, std::string("train.max_steps=") + steps});
    CAPTURE(resumed.err);
    REQUIRE(resumed.code == 0);
  }
  const auto [train_loss, eval_loss] = last_values(folder);
  const auto [wanted_train_loss, wanted_eval_loss] = last_values(straight_folder);
  CHECK(std::abs(train_loss - wanted_train_loss) < 1e-12);
  CHECK(std::abs(eval_loss - wanted_eval_loss) < 1e-12);
}

TEST_CASE("a damaged checkpoint is passed over for the one before it, and named") {
  const TemporaryDirectory folder;
  const std::string topology = "topology={name: single, device: cpu, threads: 1}";
  auto words = training(topology);
  words.emplace_back("train.max_steps=65");
  REQUIRE(run(folder.path(), words).code == 0);
  const auto newest = newest_checkpoint(folder);
  CHECK(newest.step == 65);
  const auto file = newest.folder + "/model.safetensors";
  {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(-1, std::ios::end);
    out.put('\x7f');
  }
  const auto resumed = run(folder.path(), {"resume", "last", "train.max_steps=630"});
  CHECK(resumed.code == 0);
  CHECK(resumed.err == "runner: WARNING: the checkpoint of step 65 is of no use: " + file +
                           " is not what was written\n");
  CHECK(resumed.out.find("resumed    after step 60\n") != std::string::npos);
  CHECK(result_of(folder).digests == straight(topology).digests);
}

TEST_CASE("a run goes on with another number of ranks, and its curve with it") {
  const auto curve = [](const TemporaryDirectory& folder) {
    std::map<std::int64_t, double> losses;
    for (const auto& [name, step, value] : result_of(folder).points)
      if (name == "train/loss") losses[step] = value;
    return losses;
  };
  auto words = training(ranks("ddp", 2));
  words.emplace_back("precision=fp64");
  words.emplace_back("scheduler=constant");
  words.emplace_back("train.epochs=4");
  const TemporaryDirectory straight_folder, folder;
  REQUIRE(run(straight_folder.path(), words).code == 0);
  words.emplace_back("train.epochs=2");
  REQUIRE(run(folder.path(), words).code == 0);
  for (const auto& [topology, epochs] :
       {std::pair{ranks("zero1", 3), 3},
        std::pair{std::string("topology={name: single, device: cpu}"), 4}}) {
    const auto resumed =
        run(folder.path(), {"resume", "last", topology, "train.epochs=" + std::to_string(epochs)});
    CAPTURE(resumed.err);
    REQUIRE(resumed.code == 0);
  }
  const auto wanted = curve(straight_folder);
  const auto found = curve(folder);
  REQUIRE(wanted.size() >= 12);
  REQUIRE(found.size() >= 12);
  for (const auto& [step, loss] : found)
    if (wanted.contains(step)) CHECK(std::abs(loss - wanted.at(step)) < 1e-10);
}

TEST_CASE("after a rank has failed the run goes on by itself, as often as the recipe says") {
  const TemporaryDirectory folder;
  auto words = training(ranks("ddp", 2));
  words.emplace_back("topology.restarts=1");
  Program program(folder.path(), words);
  REQUIRE(program.wait_for("epoch 2,"));
  kill(children_of(program.pid()).at(1), SIGKILL);
  const auto printed = program.wait();
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  CHECK(std::regex_match(
      printed.err, std::regex("runner: WARNING: rank 1 on [^ ]+ was killed by SIGKILL \\(Killed\\) "
                              "at step [0-9]+; going on \\(restart 1 of 1\\)\n")));
  CHECK(last_run(folder, "status,restarts").at("restarts") == 1);
  check_same(result_of(folder), straight(ranks("ddp", 2)));
}

TEST_CASE("a failure that would recur is not tried again") {
  const TemporaryDirectory folder;
  auto words = training(ranks("ddp", 2));
  words.emplace_back("topology.restarts=3");
  words.emplace_back("optimizer={name: sgd, lr: 1e30}");
  const auto printed = run(folder.path(), words);
  CHECK(printed.code == 1);
  CHECK(printed.err.find("going on") == std::string::npos);
  CHECK(last_run(folder, "restarts").at("restarts") == 0);
}

TEST_CASE("a run that is done says how it can be trained further") {
  const TemporaryDirectory folder;
  auto words = training("topology=single");
  words.emplace_back("train.max_steps=5");
  REQUIRE(run(folder.path(), words).code == 0);
  const auto id = last_run(folder, "id").at("id").get<std::string>();
  const auto printed = run(folder.path(), {"resume", "last"});
  CHECK(printed.code == 2);
  CHECK(printed.err == "runner: run " + id +
                           " is done; to train it further, say how far: runner resume " + id +
                           " train.max_steps=10\n");
}

TEST_CASE("what ended a run is what its user is told to move: steps, time, patience") {
  const std::vector<std::pair<Words, std::string>> cases{
      {{"train.epochs=1"}, "train.epochs=2"},
      {{"train.max_steps=7"}, "train.max_steps=14"},
      {{"train.epochs=100000", "train.max_time=1 second"}, "'train.max_time=2 seconds'"},
      {{"train.epochs=9", "early_stopping={patience: 2, min_delta: 100}"},
       "early_stopping.patience=4"},
      {{"early_stopping={divergence_threshold: 0.00001}"},
       "early_stopping.divergence_threshold=null"}};
  for (const auto& [overrides, text] : cases) {
    const auto& wanted = text;
    const TemporaryDirectory folder;
    CAPTURE(wanted);
    Words words{"run", recipes + "synthetic.yaml"};
    words.insert(words.end(), overrides.begin(), overrides.end());
    REQUIRE(run(folder.path(), words).code == 0);
    const auto id = last_run(folder, "id").at("id").get<std::string>();
    const auto printed = run(folder.path(), {"resume", id});
    CHECK(printed.code == 2);
    CHECK(printed.err == "runner: run " + id +
                             " is done; to train it further, say how far: runner resume " + id +
                             " " + wanted + "\n");
  }
}

TEST_CASE("a run that was stopped early and is trained further has its whole patience again") {
  const TemporaryDirectory folder;
  REQUIRE(run(folder.path(), {"run", recipes + "synthetic.yaml", "train.epochs=4",
                              "early_stopping={patience: 1, min_delta: 100}"})
              .code == 0);
  const auto resumed = run(folder.path(), {"resume", "last", "early_stopping.patience=2"});
  CHECK(resumed.code == 0);
  CHECK(resumed.out.find("; stopped early at step 471: ") != std::string::npos);
  const auto again = run(folder.path(), {"resume", "last", "train.epochs=20"});
  CHECK(again.code == 0);
  CHECK(again.out.find("; stopped early at step 785: ") != std::string::npos);
}

TEST_CASE("values that a run cannot go on with are refused, and leave it as it was") {
  const TemporaryDirectory folder;
  REQUIRE(run(folder.path(), {"run", recipes + "synthetic.yaml", "train.max_steps=20"}).code == 0);
  const auto before = shown_run(folder);
  const auto id = before.at("id").get<std::string>();
  const auto refused = [&](const Words& overrides) {
    Words words{"resume", "last", "train.max_steps=40"};
    words.insert(words.end(), overrides.begin(), overrides.end());
    const auto printed = run(folder.path(), words);
    CHECK(printed.code == 2);
    CHECK(shown_run(folder) == before);
    const auto begin = "runner: run " + id + " cannot go on as another: ";
    const auto end = "; a new run can begin with its weights: init_from.weights=" + id + "\n";
    REQUIRE(printed.err.size() > begin.size() + end.size());
    CHECK(printed.err.starts_with(begin));
    CHECK(printed.err.ends_with(end));
    return printed.err.substr(begin.size(), printed.err.size() - begin.size() - end.size());
  };
  CHECK(refused({"optimizer=sgd"}) == "optimizer.name is adamw, not sgd");
  CHECK(refused({"optimizer.groups=[{match: '*.bias', lr: 1}]"}) ==
        "optimizer.groups is [], not [{\"match\":\"*.bias\"}]");
  CHECK(refused({"model.hidden=[8]", "seed=2"}) ==
        "seed is 1, not 2, model.hidden is [64], not [8]");
  CHECK(refused({"dataset.samples=99", "train.limit_batches=1"}) ==
        "dataset.samples is 10000, not 99, train.limit_batches is null, not 1");
  CHECK(refused({"dataset=mnist"}) == "dataset.name is synthetic, not mnist");
  CHECK(refused({"train.ema_decay=0.9"}) == "train.ema_decay is null, not 0.9");
  CHECK(refused({"init_from.weights=" + id}) == "init_from.weights is null, not " + id);
}

TEST_CASE("a run that cannot go on from its checkpoint stays what it was") {
  const TemporaryDirectory folder;
  REQUIRE(run(folder.path(), {"run", recipes + "synthetic.yaml", "train.max_steps=20"}).code == 0);
  const auto before = shown_run(folder);
  const auto printed =
      run(folder.path(), {"resume", "last", "train.max_steps=40", "optimizer.amsgrad=true"});
  CHECK(printed.code == 1);
  CHECK(std::regex_search(printed.err,
                          std::regex("the checkpoint [^ ]+/step-20 has no "
                                     "[^ ]+\\.max_exp_avg_sq; the run is as it was\n$")));
  CHECK(shown_run(folder) == before);
  CHECK(run(folder.path(), {"resume", "last", "train.max_steps=40"}).code == 0);
}

TEST_CASE("a run with no step left to take is not described anew") {
  const TemporaryDirectory folder;
  REQUIRE(run(folder.path(), {"run", recipes + "synthetic.yaml", "train.epochs=2"}).code == 0);
  const auto before = shown_run(folder);
  for (const auto& overrides : {Words{"train.epochs=1", "optimizer.lr=0.5"},
                                Words{"log.every=1 step"}, Words{"train.epochs=2"}}) {
    Words words{"resume", "last"};
    words.insert(words.end(), overrides.begin(), overrides.end());
    const auto printed = run(folder.path(), words);
    CHECK(printed.code == 2);
    const auto end = overrides.size() == 2 ? "157" : "314";
    CHECK(printed.err == "runner: run " + before.at("id").get<std::string>() +
                             " has nothing left to do: it is to end after step " + end +
                             ", and has come to step 314\n");
    CHECK(shown_run(folder) == before);
  }
}

TEST_CASE("Ctrl-C saves nothing where saving is off, and says so") {
  const TemporaryDirectory folder;
  Program program(folder.path(),
                  {"run", recipes + "synthetic.yaml", "train.epochs=100000", "save.every=null"});
  REQUIRE(program.wait_for("epoch 1,"));
  program.signal(SIGINT);
  const auto printed = program.wait();
  CHECK(printed.code == 3);
  CHECK(std::regex_search(printed.out,
                          std::regex("was interrupted after [^:]+: stopped at step "
                                     "[0-9]+; nothing is saved \\(save.every is null\\)\n$")));
  CHECK_FALSE(std::filesystem::exists(folder.path() / ".runner" / "checkpoints"));
}

TEST_CASE("a run without a checkpoint that is whole starts from the beginning, and says so") {
  const TemporaryDirectory folder;
  const auto resumed = [&] { return run(folder.path(), {"resume", "last", "train.max_steps=30"}); };
  const auto begin = [&](const std::string& save) {
    REQUIRE(run(folder.path(),
                {"run", recipes + "synthetic.yaml", "train.max_steps=20", "save.every=" + save})
                .code == 0);
    return last_run(folder, "id").at("id").get<std::string>();
  };
  const auto none = begin("null");
  auto printed = resumed();
  CHECK(printed.code == 0);
  CHECK(printed.err ==
        "runner: WARNING: run " + none + " has no checkpoint: it starts from the beginning\n");
  CHECK(printed.out.find("resumed") == std::string::npos);
  CHECK(printed.out.find("is done: 30 steps") != std::string::npos);

  const auto damaged = begin("10 steps");
  for (const auto& entry :
       std::filesystem::directory_iterator(folder.path() / ".runner" / "checkpoints" / damaged))
    std::filesystem::resize_file(entry.path() / "model.safetensors", 100);
  printed = resumed();
  CHECK(printed.code == 0);
  CHECK(std::regex_match(
      printed.err,
      std::regex("runner: WARNING: the checkpoint of step 20 is of no use: .* is not what was "
                 "written\nrunner: WARNING: the checkpoint of step 10 is of no use: .*\n"
                 "runner: WARNING: run " +
                 damaged + " has no checkpoint that is of use: it starts from the beginning\n")));
  CHECK(printed.out.find("is done: 30 steps") != std::string::npos);
  CHECK(shown_run(folder).at("checkpoints").at(0).at("step") == 30);
}

TEST_CASE("a run that starts again from the beginning, or was queued, has init_from's weights") {
  const TemporaryDirectory folder;
  REQUIRE(run(folder.path(), {"run", recipes + "synthetic.yaml", "train.epochs=1"}).code == 0);
  const auto source = last_run(folder, "id").at("id").get<std::string>();
  const Words words{"run",
                    recipes + "synthetic.yaml",
                    "init_from.weights=" + source,
                    "train.max_steps=1",
                    "log.every=1 step",
                    "save.every=null"};
  const auto first_loss = [&] {
    return shown_run(folder).at("metrics").at("train/loss").at("min").get<double>();
  };
  REQUIRE(run(folder.path(), words).code == 0);
  const auto wanted = first_loss();
  CHECK(wanted < 0.1);  // a random network has 2.3
  REQUIRE(run(folder.path(), {"resume", "last", "train.max_steps=2", "optimizer.lr=0"}).code == 0);
  CHECK(first_loss() < 0.1);
  Run queued;
  queued.name = queued.recipe_path = "queued";
  queued.config = queued.versions = "{}";
  const auto id = Store::create_or_open(database(folder)).queue(queued);
  REQUIRE(run(folder.path(), words, {{"RUNNER_RUN", id}}).code == 0);
  CHECK(shown_run(folder).at("id") == id);
  CHECK(first_loss() == wanted);
}

TEST_CASE(
    "where the recipe writes save.keep_best, every evaluation that is the best so far saves") {
  for (const std::string every : {"70 steps", "null"}) {
    CAPTURE(every);
    const TemporaryDirectory folder;
    auto words = training("topology={name: single, device: cpu, threads: 1}");
    words.insert(words.end(),
                 {"eval.every=10 steps", "train.max_steps=100", "dataset.noise=3",
                  "scheduler={name: step, step_size: 1, gamma: 10}",
                  "save={every: " + every + ", keep_last: 1, keep_best: {metric: eval/loss}}"});
    REQUIRE(run(folder.path(), words).code == 0);
    std::pair<double, std::int64_t> best{1e300, 0};
    for (const auto& [name, step, value] : result_of(folder).points)
      if (name == "eval/loss") best = std::min(best, {value, step});
    CHECK(best.second % 70 != 0);
    CHECK(best.second < 100);
    const auto id = last_run(folder, "id").at("id").get<std::string>();
    std::set<std::int64_t> kept;
    for (const auto& checkpoint : Store::open(database(folder)).checkpoints(id))
      kept.insert(checkpoint.step);
    if (every == "null")
      CHECK(kept == std::set<std::int64_t>{best.second});
    else
      CHECK(kept == std::set<std::int64_t>{best.second, 100});
    CHECK(run(folder.path(), {"export", id + "@best", "--to", "best.safetensors"}).code == 0);
  }
}

TEST_CASE("weights of a name are recorded as the checkpoint that it meant") {
  const TemporaryDirectory folder;
  auto words = training("topology={name: single, device: cpu, threads: 1}");
  words.insert(words.end(), {"name=base", "train.max_steps=20"});
  REQUIRE(run(folder.path(), words).code == 0);
  const auto first = last_run(folder, "id").at("id").get<std::string>();
  words.insert(words.end(), {"seed=2", "init_from.weights=base"});
  REQUIRE(run(folder.path(), words).code == 0);
  CHECK(shown_run(folder).at("config").at("init_from").at("weights") == first + "@20");
  CHECK(run(folder.path(), {"reproduce", "base"}).code == 0);
}

TEST_CASE("weights that are not there or do not fit are refused before there is a run") {
  const TemporaryDirectory folder;
  auto words = training("topology={name: single, device: cpu, threads: 1}");
  words.insert(words.end(), {"train.max_steps=20"});
  const auto refused = [&](const std::string& argument, const std::string& more) {
    auto all = words;
    all.insert(all.end(), {argument, more});
    const auto printed = run(folder.path(), all);
    CHECK(printed.code == 2);
    return printed.err;
  };
  const auto database_of_it = database(folder).string();
  CHECK(refused("init_from.weights=other", "--dry-run") ==
        "runner: init_from.weights: no run 'other': there is no database at " + database_of_it +
            " yet\n");
  CHECK_FALSE(std::filesystem::exists(database_of_it));
  REQUIRE(run(folder.path(), words).code == 0);
  const auto id = last_run(folder, "id").at("id").get<std::string>();
  for (const auto* more : {"--dry-run", "seed=3"}) {
    CHECK(refused("init_from.weights=other", more)
              .starts_with("runner: init_from.weights: no run 'other'; the latest are "));
    auto other = words;
    const auto message = refused("init_from.weights=" + id, "model.hidden=[3]");
    CHECK(message.starts_with("runner: init_from.weights: the weights in "));
    CHECK(message.find(" do not fit the model: ") != std::string::npos);
  }
  CHECK(Store::open(database(folder)).database().integer("SELECT count(*) FROM runs") == 1);
}

TEST_CASE("the default keep_best saves nothing by itself") {
  const TemporaryDirectory folder;
  auto words = training("topology={name: single, device: cpu, threads: 1}");
  words.insert(words.end(), {"eval.every=10 steps", "train.max_steps=50", "save.every=null"});
  REQUIRE(run(folder.path(), words).code == 0);
  const auto id = last_run(folder, "id").at("id").get<std::string>();
  CHECK(Store::open(database(folder)).checkpoints(id).empty());
}

TEST_CASE("only the newest and the best checkpoints are kept") {
  // A rate that grows beyond measure: the best comes first.
  const std::string scheduler = "{name: step, step_size: 1, gamma: 10}";
  for (const std::string metric : {"eval/loss", "eval/accuracy"}) {
    CAPTURE(metric);
    const TemporaryDirectory folder;
    auto words = training("topology={name: single, device: cpu, threads: 1}");
    words.insert(
        words.end(),
        {"eval.every=10 steps", "train.max_steps=100", "dataset.noise=3", "scheduler=" + scheduler,
         "save={keep_last: 2, every: 10 steps, keep_best: {n: 2, metric: " + metric + "}}"});
    REQUIRE(run(folder.path(), words).code == 0);
    std::vector<std::pair<double, std::int64_t>> ranked;
    for (const auto& [name, step, value] : result_of(folder).points)
      if (name == metric) ranked.emplace_back(metric == "eval/loss" ? value : -value, -step);
    REQUIRE(ranked.size() == 10);
    std::sort(ranked.begin(), ranked.end());
    for (auto& [value, step] : ranked) step = -step;  // the newer of equals came first
    const std::set<std::int64_t> wanted{90, 100, ranked[0].second, ranked[1].second};

    const auto id = last_run(folder, "id").at("id").get<std::string>();
    const auto checkpoints = folder.path() / ".runner" / "checkpoints" / id;
    std::set<std::int64_t> kept;
    for (const auto& checkpoint : Store::open(database(folder)).checkpoints(id))
      kept.insert(checkpoint.step);
    CHECK(kept == wanted);
    std::set<std::string> folders, wanted_folders;
    for (const auto& entry : std::filesystem::directory_iterator(checkpoints))
      folders.insert(entry.path().filename());
    for (const auto step : wanted) wanted_folders.insert("step-" + std::to_string(step));
    CHECK(folders == wanted_folders);
    REQUIRE(run(folder.path(), {"export", id + "@best", "--to", "best.safetensors"}).code == 0);
    CHECK(
        read_file(folder.path() / "best.safetensors") ==
        read_file(checkpoints / ("step-" + std::to_string(ranked[0].second)) / "ema.safetensors"));
    CHECK(ranked[0].second < 90);  // it would have been kept anyway
  }
}

TEST_CASE("a run goes on with another batch size to the epoch that it is to come to") {
  const TemporaryDirectory folder;
  const auto recipe = std::string(RUNNER_SOURCE_DIR) + "/recipes/synthetic.yaml";
  const auto rates = [&] { return shown_run(folder).at("metrics").at("train/lr"); };
  REQUIRE(
      run(folder.path(), {"run", recipe, "topology={name: single, device: cpu, threads: 1}",
                          "dataset.samples=1000", "dataset.eval_samples=100", "train.batch_size=10",
                          "train.epochs=1", "optimizer={name: sgd, lr: 0.1}",
                          "scheduler={name: step, step_size: 2, gamma: 0.5}"})
          .code == 0);
  const auto resumed = [&](const Words& more) {
    Words words{"resume", "last"};
    words.insert(words.end(), more.begin(), more.end());
    const auto printed = run(folder.path(), words);
    CAPTURE(printed.err);
    REQUIRE(printed.code == 0);
    return printed.out;
  };
  const auto printed = resumed({"train.batch_size=100", "train.epochs=5"});
  CHECK(printed.find("length     5 epochs, of 10 steps from step 100 on; 140 steps in all\n") !=
        std::string::npos);
  CHECK(printed.find("epoch 5, step 140: ") != std::string::npos);
  CHECK(printed.find("epoch 6") == std::string::npos);
  CHECK(rates().at("last") == 0.025);  // epochs 0 and 1, 2 and 3, 4
  // The checkpoint remembers where sizes changed.
  CHECK(resumed({"train.epochs=6"}).find("epoch 6, step 150: ") != std::string::npos);
  CHECK(run(folder.path(), {"resume", "last", "train.batch_size=50", "train.epochs=6"})
            .err.find("has nothing left to do: it is to end after step 150, and has come to step "
                      "150\n") != std::string::npos);
}

TEST_CASE("weights are exported, and another run begins with them") {
  const TemporaryDirectory folder;
  auto words = training("topology={name: single, device: cpu, threads: 1}");
  words.emplace_back("eval.every=10 steps");
  words.emplace_back("train.max_steps=40");
  REQUIRE(run(folder.path(), words).code == 0);
  const auto id = last_run(folder, "id").at("id").get<std::string>();
  const auto file = (folder.path() / "model.safetensors").string();
  for (const auto* which : {"", "@last", "@40"})
    CHECK(run(folder.path(), {"export", id + which, "--to", file, "--force"}).code == 0);
  const auto newest = newest_checkpoint(folder).folder;
  CHECK(read_file(file) == read_file(newest + "/ema.safetensors"));
  CHECK(
      run(folder.path(), {"export", id, "--to", file, "--force"})
          .out.ends_with(
              "/ema.safetensors (the averaged weights, by which the run was evaluated; --raw: the "
              "others)\n"));
  CHECK(run(folder.path(), {"export", id, "--to", "raw.safetensors", "--raw"}).code == 0);
  const auto raw = (folder.path() / "raw.safetensors").string();
  CHECK(read_file(raw) == read_file(newest + "/model.safetensors"));
  CHECK(run(folder.path(), {"export", id + "@best", "--to", "best.safetensors", "--ema"}).code ==
        0);
  CHECK(run(folder.path(), {"export", id, "--to", file}).err ==
        "runner: " + file + " is there already; --force overwrites it\n");
  CHECK(run(folder.path(), {"export", id + "@7", "--to", "other.safetensors"})
            .err.starts_with("runner: run " + id +
                             " has no checkpoint '7'; expected last, best or a step of 40, "));

  const auto first_loss = [&](const Words& more) {
    auto again = words;
    again.insert(again.end(), more.begin(), more.end());
    again.emplace_back("log.every=1 steps");
    again.emplace_back("train.max_steps=1");
    const auto printed = run(folder.path(), again);
    CAPTURE(printed.err);
    REQUIRE(printed.code == 0);
    return shown_run(folder).at("metrics").at("train/loss").at("last").get<double>();
  };
  const auto random = first_loss({}), from_file = first_loss({"init_from.weights=" + file}),
             from_run = first_loss({"init_from.weights=" + id + "@last"});
  CHECK(from_file < random);
  CHECK(from_run == from_file);
  CHECK(first_loss({"init_from={weights: " + id + ", average: false}"}) ==
        first_loss({"init_from.weights=" + raw}));
  // A name never means the run that it starts.
  const auto first = first_loss({"name=again", "init_from.weights=" + id});
  CHECK(first_loss({"name=again", "init_from.weights=again"}) < random);
  CHECK(first == from_run);

  auto other = words;
  other.emplace_back("model.hidden=[8]");
  other.emplace_back("init_from.weights=" + file);
  const auto refused = run(folder.path(), other);
  CHECK(refused.code == 2);
  CHECK(refused.err.find("the weights in " + file +
                         " do not fit the model: layers.0.weight is [") != std::string::npos);
  other.emplace_back("init_from.strict=false");
  CHECK(run(folder.path(), other).code == 0);  // the last layer's bias does
  other.emplace_back("init_from.rename=['layers.=other.']");
  CHECK(run(folder.path(), other).err.find("none of its tensors fits") != std::string::npos);
}
