#include "tests/program/sweeping.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <doctest/doctest.h>

using namespace runner;

namespace {

constexpr auto small =
    "train: {max_steps: 20}\n"
    "matrix:\n"
    "  optimizer.lr: [0.1, 0.01, 0.001]\n"
    "  seed: {range: [1, 3]}\n"
    "search: {strategy: grid, metric: eval/accuracy, mode: max}\n";

}  // namespace

TEST_CASE("sweep show gives each cell's mean over its seeds, and what each parameter explains") {
  const Sweeping sweeping(small);
  REQUIRE(sweeping.run().code == 0);
  const auto answer = sweeping.answer({"sweep", "show"});
  CHECK(answer.at("name") == "small");
  CHECK(answer.at("trials").size() == 9);
  REQUIRE(answer.at("cells").size() == 3);
  double before = 2;
  for (const auto& cell : answer.at("cells")) {
    CHECK(cell.at("n") == 3);
    double sum = 0;
    for (const auto& number : cell.at("trials"))
      sum += answer.at("trials").at(number.get<std::size_t>() - 1).at("value").get<double>();
    CHECK(cell.at("mean").get<double>() == doctest::Approx(sum / 3));
    CHECK(cell.at("mean") <= before);
    before = cell.at("mean");
  }
  CHECK(answer.at("importance").at("shares").contains("optimizer.lr"));

  const auto page = sweeping.ask({"sweep", "show", "small"});
  CHECK(page.code == 0);
  CHECK(page.out.find("trials     9 of 9: 9 done\n") != std::string::npos);
  CHECK(page.out.find("95 % of the mean") != std::string::npos);
  const auto list = sweeping.answer({"sweep", "list"});
  REQUIRE(list.size() == 1);
  CHECK(list[0].at("done") == 9);
}

TEST_CASE("zipped parameters of a sweep have one share of the variance, under both names") {
  const Sweeping sweeping(
      "train: {max_steps: 20}\n"
      "matrix:\n"
      "  zip: {optimizer.lr: [0.1, 0.01, 0.001], model.hidden: [[8], [16], [32]]}\n"
      "  seed: [1, 2]\n");
  REQUIRE(sweeping.run().code == 0);
  const auto shares = sweeping.answer({"sweep", "show"}).at("importance").at("shares");
  CHECK(shares.size() == 1);
  CHECK(shares.contains("optimizer.lr, model.hidden"));
  CHECK(sweeping.ask({"sweep", "show"}).out.find("\noptimizer.lr, model.hidden  ") !=
        std::string::npos);
}

TEST_CASE("a run knows its sweep, and list finds a sweep's runs") {
  const Sweeping sweeping(small);
  REQUIRE(sweeping.run().code == 0);
  REQUIRE(sweeping.run({"name=other", "matrix.seed=[7]"}).code == 0);
  const auto id = sweeping.answer({"sweep", "show", "small"}).at("id").get<std::string>();
  CHECK(sweeping.answer({"list", "--limit", "0", "--where", "sweep == '" + id + "'"}).size() == 9);
  const auto run = sweeping.answer({"sweep", "best", "small"}).at("run").get<std::string>();
  CHECK(sweeping.answer({"show", run}).at("sweep") == id);
  const auto page = sweeping.ask({"show", run});
  CHECK(page.out.find("sweep        " + id + " (small), trial ") != std::string::npos);
}

TEST_CASE("plot draws a sweep, and says which parameters there are") {
  const Sweeping sweeping(small);
  REQUIRE(sweeping.run({"matrix.model.dropout=[0, 0.5]"}).code == 0);
  const auto all = sweeping.ask({"plot", "small"});
  CHECK(all.code == 0);
  for (const auto* part : {"eval/accuracy", "optimizer.lr", "model.dropout"})
    CHECK(all.out.find(part) != std::string::npos);
  CHECK(sweeping.answer({"plot", "small", "--json"}) ==
        sweeping.answer({"sweep", "show", "small"}));
  CHECK(sweeping.ask({"plot", "small", "--log"}).err ==
        "runner: small is a sweep, and --log is of the curves of runs\n");
  const auto unknown = sweeping.ask({"plot", "small", "optimizer.rate"});
  CHECK(unknown.code == 2);
  CHECK(unknown.err.find("does not vary 'optimizer.rate'; did you mean 'optimizer.lr'?") !=
        std::string::npos);
}

TEST_CASE("race adds seeds until it is clear which recipe is better") {
  const Sweeping sweeping(small);
  const TemporaryDirectory& folder = sweeping.folder();
  const std::string recipe = "extends: " RUNNER_SOURCE_DIR "/recipes/synthetic.yaml\n";
  folder.write("good.yaml", recipe + "train: {max_steps: 30}\n");
  folder.write("bad.yaml", recipe + "train: {max_steps: 30}\noptimizer: {name: adamw, lr: 1e-6}\n");
  const auto printed = sweeping.ask({"race", "good.yaml", "bad.yaml", "--metric", "eval/accuracy"});
  CAPTURE(printed.err);
  CHECK(printed.code == 0);
  CHECK(printed.out.find("good.yaml is better: p < 0.01 over all looks\n") != std::string::npos);
  // A recipe is as good as itself: all of its runs are known already.
  const auto same = sweeping.ask({"race", "good.yaml", "good.yaml", "--most-seeds", "3", "--json"});
  CHECK(same.code == 3);
  CHECK(Json::parse(same.out).at("settled") == false);
}

TEST_CASE("race prints the p-value that decides, and goes on where it was") {
  const Sweeping sweeping(small);
  const TemporaryDirectory& folder = sweeping.folder();
  const std::string recipe =
      "extends: " RUNNER_SOURCE_DIR "/recipes/synthetic.yaml\ntrain: {max_steps: 10}\n";
  folder.write("a.yaml", recipe + "name: a\n");
  folder.write("b.yaml", recipe + "name: b\noptimizer: {name: adamw, lr: 0.00101}\n");
  const auto race = [&](const std::string& most, const std::string& a, const std::string& b) {
    const auto printed = sweeping.ask({"race", a, b, "--most-seeds", most, "--json"});
    CAPTURE(printed.err);
    CHECK(printed.code == 3);
    return Json::parse(printed.out).at("looks");
  };
  const auto first = race("6", "a.yaml", "b.yaml");
  REQUIRE(first.size() == 3);
  for (const auto& look : first) {
    const double p = look.at("p").get<double>();
    CHECK(look.at("adjusted_p").get<double>() == doctest::Approx(std::min(1.0, 3 * p)));
  }
  CHECK(race("6", "a.yaml", "b.yaml") == Json::array({first[2]}));
  CHECK(sweeping.integer("SELECT count(*) FROM runs") == 12);
  const auto more = race("8", "a.yaml", "b.yaml");
  REQUIRE(more.size() == 2);
  CHECK(more[0].at("seeds") == 6);
  CHECK(more[0].at("a") == first[2].at("a"));
  CHECK(more[1].at("seeds") == 8);
  CHECK(sweeping.integer("SELECT count(*) FROM sweeps") == 2);
  // Fewer seeds than there are count as what they are.
  CHECK(race("4", "a.yaml", "b.yaml")[0].at("a") == first[1].at("a"));

  const auto printed = sweeping.ask({"race", "a.yaml", "b.yaml", "--most-seeds", "8"});
  CHECK(printed.out.find("(adjusted p = ") != std::string::npos);
  CHECK(printed.out.find("not settled after 8 seeds each: the adjusted p = ") != std::string::npos);
}

TEST_CASE("race of runs trains one sweep for each side, by whatever name the runs are given") {
  const Sweeping sweeping("train: {max_steps: 10}\n");
  REQUIRE(sweeping.run({"name=a"}).code == 0);
  REQUIRE(sweeping.run({"name=b", "optimizer.lr=0.00101"}).code == 0);
  const auto id = sweeping.text("SELECT id FROM runs WHERE name = 'b'");
  CHECK(sweeping.ask({"race", "a", id, "--most-seeds", "6", "--quiet"}).code == 3);
  CHECK(sweeping.integer("SELECT count(*) FROM sweeps") == 2);
  const auto runs = sweeping.integer("SELECT count(*) FROM runs");
  CHECK(sweeping.ask({"race", "a", "b", "--most-seeds", "6", "--quiet"}).code == 3);
  CHECK(sweeping.integer("SELECT count(*) FROM sweeps") == 2);
  CHECK(sweeping.integer("SELECT count(*) FROM runs") == runs);
}

TEST_CASE("gate fails on a regression, and passes what is as good") {
  const Sweeping sweeping(small);
  REQUIRE(sweeping.run({"name=good", "matrix={seed: {range: [1, 4]}}", "optimizer.lr=0.01"}).code ==
          0);
  REQUIRE(sweeping.run({"name=bad", "matrix={seed: {range: [1, 4]}}", "optimizer.lr=1e-6"}).code ==
          0);
  const auto worse =
      sweeping.ask({"gate", "bad", "--baseline", "good", "--metric", "eval/accuracy"});
  CHECK(worse.code == 1);
  CHECK(worse.out.find(": a regression\n") != std::string::npos);
  const auto good = sweeping.text("SELECT id FROM sweeps WHERE name = 'good'");
  CHECK(worse.out.find(" for sweep " + good + " (mean of 4)") != std::string::npos);
  const auto better =
      sweeping.ask({"gate", "good", "--baseline", "bad", "--metric", "eval/accuracy"});
  CHECK(better.code == 0);
  CHECK(better.out.find(": no regression\n") != std::string::npos);
  // `last` is a run, also where a sweep was the last to come.
  const auto last = sweeping.answer({"gate", "last", "--baseline", "last"});
  const auto newest = sweeping.text("SELECT max(id) FROM runs");
  CHECK(last.at("run") == newest);
  CHECK(last.at("baseline_run") == newest);
  const auto unknown = sweeping.ask({"gate", "last", "--baseline", "good", "--metric", "eval/los"});
  CHECK(unknown.code == 2);
  CHECK(unknown.err ==
        "runner: run " + newest + " has no metric 'eval/los'; did you mean 'eval/loss'?\n");
}
