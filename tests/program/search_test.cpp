#include "tests/program/sweeping.hpp"

#include <set>
#include <thread>

#include <doctest/doctest.h>
#include <signal.h>

using namespace runner;

namespace {

/// Trials of nine epochs, of which most end after one.
constexpr auto halving =
    "dataset: {samples: 1000, eval_samples: 200}\n"
    "train: {epochs: 9}\n"
    "search:\n"
    "  strategy: random\n"
    "  trials: 12\n"
    "  space: {optimizer.lr: {log_uniform: [1e-4, 1e-1]}, model.dropout: {uniform: [0, 0.5]}}\n"
    "prune: {strategy: asha, first: 1 epoch, reduction_factor: 3}\n";

/// Slow enough to be killed in the midst of it; one trial after the other, so that what comes next
/// does not depend on who is quicker.
constexpr auto learning =
    "train: {max_steps: 300}\n"
    "topology: {threads: 1}\n"
    "search:\n"
    "  strategy: tpe\n"
    "  trials: 12\n"
    "  startup_trials: 4\n"
    "  space: {optimizer.lr: {log_uniform: [1e-4, 1e-1]}, model.hidden: {choice: [[16], [32]]}}\n"
    "sweep: {parallel: 1}\n";

std::vector<std::string> points_of(const Sweeping& sweeping) {
  std::vector<std::string> points;
  for (const auto& trial : sweeping.trials()) points.push_back(trial.point);
  return points;
}

}  // namespace

TEST_CASE(
    "asha ends most trials at their first rung, and the best with the bits of one never halted") {
  const Sweeping sweeping(halving);
  const auto printed = sweeping.run();
  CAPTURE(printed.out);
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  CHECK(sweeping.integer("SELECT count(*) FROM trials") == 12);
  CHECK(sweeping.integer("SELECT count(*) FROM trials WHERE status IN ('done', 'pruned')") == 12);
  CHECK(sweeping.integer("SELECT count(*) FROM trials WHERE status = 'pruned' AND rung = 0") >= 6);
  const auto done = sweeping.integer("SELECT count(*) FROM trials WHERE status = 'done'");
  CHECK(done >= 1);
  CHECK(done <= 3);
  // Whoever is pruned has evaluated and saved at its rung.
  CHECK(sweeping.integer("SELECT count(*) FROM trials t WHERE status = 'pruned' AND NOT EXISTS"
                         " (SELECT 1 FROM checkpoints c WHERE c.run_id = t.run_id)") == 0);
  CHECK(sweeping.integer("SELECT count(*) FROM trials WHERE value IS NULL") == 0);

  const auto best = sweeping.answer({"sweep", "best"});
  const auto id = best.at("run").get<std::string>();
  CHECK(sweeping.integer("SELECT restarts FROM runs WHERE id = '" + id + "'") >= 1);
  REQUIRE(sweeping.ask({"sweep", "best", "--export", "best.yaml"}).code == 0);
  const auto kept = sweeping.ask({"sweep", "best", "--export", "best.yaml"});
  CHECK(kept.code == 2);
  CHECK(kept.err == "runner: best.yaml is there already; --force overwrites it\n");
  CHECK(sweeping.ask({"sweep", "best", "--export", "best.yaml", "--force"}).code == 0);
  CHECK(sweeping.ask({"sweep", "best", "--export", "none/best.yaml"}).err ==
        "runner: cannot write none/best.yaml: No such file or directory\n");
  const auto straight = sweeping.ask({"run", "best.yaml"});
  CAPTURE(straight.err);
  REQUIRE(straight.code == 0);
  const auto again = sweeping.text("SELECT id FROM runs WHERE sweep IS NULL");
  CHECK(sweeping.weights(again) == sweeping.weights(id));
  CHECK(sweeping.answer({"show", again}).at("metrics").at("eval/loss").at("last") ==
        best.at("value"));
}

TEST_CASE("trials of a sweep that prunes are compared at the last epoch that all of them reached") {
  const Sweeping sweeping(halving);
  REQUIRE(sweeping.run().code == 0);
  const auto answer = sweeping.answer({"sweep", "show"});
  const auto pruned = sweeping.text("SELECT count(*) FROM trials WHERE status = 'pruned'");
  const auto at = "epoch 1, the last that all 12 trials reached (" + pruned + " pruned)";
  CHECK(answer.at("compared_at") == at);
  for (const auto& trial : answer.at("trials")) {
    const auto number = trial.at("number").dump();
    const auto of_rung = sweeping.text(
        "SELECT printf('%.16g', value) FROM rung_results WHERE rung = 0 AND number = " + number);
    CHECK(trial.at("compared").get<double>() == doctest::Approx(std::stod(of_rung)).epsilon(1e-12));
    CHECK(trial.at("pruned_value").is_null() == (trial.at("status") == "done"));
  }
  const auto page = sweeping.ask({"sweep", "show"}).out;
  CHECK(page.find("\nat " + at + "\n") != std::string::npos);
  const auto plot = sweeping.ask({"plot", "small"}).out;
  CAPTURE(plot);
  CHECK(plot.find("\nmean eval/loss at epoch 1") != std::string::npos);
  CHECK(plot.find("pruned: " + pruned) != std::string::npos);
  // Another metric is compared at the same point.
  CHECK(sweeping.answer({"sweep", "show", "--metric", "eval/accuracy"}).at("compared_at") == at);
}

TEST_CASE("a pruned trial can be taken to its end") {
  const Sweeping sweeping(halving);
  REQUIRE(sweeping.run().code == 0);
  const auto pruned = sweeping.text("SELECT run_id FROM trials WHERE status = 'pruned' LIMIT 1");
  const auto printed = sweeping.ask({"resume", pruned});
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  CHECK(sweeping.text("SELECT status FROM runs WHERE id = '" + pruned + "'") == "done");
}

TEST_CASE("asha trains one trial to its end, however few there are") {
  const Sweeping sweeping(halving);
  const auto printed = sweeping.run({"search.trials=2"});
  CAPTURE(printed.out);
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  CHECK(printed.out.find("\n1 of 2 done, 1 pruned; best eval/loss ") != std::string::npos);
  const auto trials = sweeping.trials();
  REQUIRE(trials.size() == 2);
  // The better one of the first rung has gone through all.
  const auto best = sweeping.answer({"sweep", "best"}).at("number").get<std::int64_t>();
  CHECK(sweeping.integer("SELECT number FROM rung_results WHERE rung = 0 ORDER BY value LIMIT 1") ==
        best);
  CHECK(sweeping.integer("SELECT max(rung) FROM rung_results") == 2);
}

TEST_CASE(
    "a search that Ctrl-C has stopped lets its paused trials go on when it is started again") {
  const Sweeping sweeping(
      "dataset: {samples: 1000, eval_samples: 200}\n"
      "train: {epochs: 9}\n"
      "topology: {threads: 1}\n"
      "search: {strategy: random, trials: 60, space: {optimizer.lr: {uniform: [1e-3, 1e-2]}}}\n"
      "prune: {strategy: asha, first: 1 epoch, reduction_factor: 30}\n"
      "sweep: {parallel: 1}\n");
  auto stopped = sweeping.start();
  REQUIRE(sweeping.wait_for_trial("paused"));
  stopped.signal(SIGINT);
  const auto printed = stopped.wait();
  CAPTURE(printed.out);
  CHECK(printed.code == 3);
  CHECK(sweeping.integer("SELECT count(*) FROM trials WHERE status = 'paused'") >= 1);
  CHECK(sweeping.integer("SELECT count(*) FROM trials WHERE status = 'pruned'") == 0);
  CHECK(sweeping.run({"search.trials=5"}).code == 0);
  CHECK(sweeping.integer("SELECT count(*) FROM trials WHERE status = 'done'") >= 1);
  CHECK(sweeping.integer("SELECT count(*) FROM trials WHERE status = 'paused'") == 0);
}

TEST_CASE("a search that is killed again and again tries the points of one that is not") {
  const Sweeping straight(learning);
  REQUIRE(straight.run().code == 0);
  const Sweeping killed(learning);
  killed.kill_at_random_moments(8, 6);
  const auto printed = killed.run();
  CAPTURE(printed.out);
  CAPTURE(printed.err);
  REQUIRE(printed.code == 0);
  CHECK(points_of(killed) == points_of(straight));
  CHECK(killed.results() == straight.results());
  CHECK(killed.integer("SELECT count(*) FROM runs") == 12);
}

TEST_CASE("the median stops trials that are worse than most were") {
  // Rates of which the first five are good, and the rest hopeless.
  const Sweeping sweeping(
      "dataset: {samples: 1000, eval_samples: 200}\n"
      "train: {epochs: 40}\n"
      "topology: {threads: 1}\n"
      "save: {every: null}\n"
      "matrix: {optimizer.lr: [0.01, 0.009, 0.008, 0.007, 0.006, 1e-9, 2e-9]}\n"
      "prune: {strategy: median, first: 2 epochs}\n"
      "sweep: {parallel: 1}\n");
  const auto printed = sweeping.run();
  CAPTURE(printed.out);
  CHECK(printed.code == 0);
  CHECK(sweeping.integer("SELECT count(*) FROM trials WHERE status = 'done'") == 5);
  CHECK(sweeping.integer("SELECT count(*) FROM trials WHERE status = 'pruned' AND number > 5") ==
        2);
  CHECK(printed.out.find("worse than the median of the others") != std::string::npos);
}

TEST_CASE("a search that is given more trials goes on where it ended") {
  const Sweeping sweeping(learning);
  REQUIRE(sweeping.run({"search.trials=5"}).code == 0);
  const auto first = points_of(sweeping);
  CHECK(first.size() == 5);
  REQUIRE(sweeping.run({"search.trials=7"}).code == 0);
  auto more = points_of(sweeping);
  CHECK(more.size() == 7);
  more.resize(5);
  CHECK(more == first);
  CHECK(sweeping.integer("SELECT count(*) FROM sweeps") == 1);
}
