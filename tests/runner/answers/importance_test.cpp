#include "runner/answers/importance.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace runner;

namespace {

std::string text(const std::optional<Importance>& importance) {
  if (!importance) return "none";
  std::string out;
  for (const auto& each : importance->shares)
    out += fmt::format("{} {:.10f}, ", each.name(), each.share);
  return out + fmt::format("noise {:.10f}, rest {:.10f}", importance->noise, importance->rest());
}

/// Three learning rates, two optimizers, two seeds.
std::vector<SweepTrial> grid() {
  constexpr double values[3][2][2] = {{{1, 3}, {10, 12}}, {{4, 4}, {9, 13}}, {{8, 10}, {9, 21}}};
  std::vector<SweepTrial> trials;
  for (int lr = 0; lr < 3; ++lr)
    for (int name = 0; name < 2; ++name)
      for (int seed = 0; seed < 2; ++seed)
        trials.push_back({static_cast<std::int64_t>(trials.size()),
                          {{"optimizer.lr", std::pow(10.0, lr - 3)},
                           {"optimizer", name == 0 ? "sgd" : "adam"},
                           {"train.epochs", 5},
                           {"seed", seed}},
                          values[lr][name][seed],
                          "done",
                          1});
  return trials;
}

/// 4a + 2b + 2 [k = "q"] over the unit cube; c does nothing.
std::vector<SweepTrial> random_search(int number) {
  std::mt19937_64 random(101);
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  std::vector<SweepTrial> trials;
  for (int i = 0; i < number; ++i) {
    const double a = uniform(), b = uniform(), c = uniform();
    const std::string k(1, "pqr"[static_cast<int>(uniform() * 3)]);
    const double value = 4 * a + 2 * b + (k == "q" ? 2 : 0) + 0.2 * (uniform() - 0.5);
    trials.push_back({i, {{"a", a}, {"b", b}, {"c", c}, {"k", k}}, value, "done", 1, true});
  }
  return trials;
}

double share(const Importance& importance, const std::string& path) {
  for (const auto& each : importance.shares)
    if (each.name() == path) return each.share;
  return -1;
}

}  // namespace

// The expected shares are numpy's:
//   v = np.array([[[1,3],[10,12]],[[4,4],[9,13]],[[8,10],[9,21]]], float); cell = v.mean(2)
//   total = v.var(); cell.mean(1).var()/total; cell.mean(0).var()/total; v.var(2).mean()/total
TEST_CASE("over a full grid, importance is the classical analysis of variance") {
  CHECK(text(importance(grid())) ==
        "optimizer 0.5031185031, optimizer.lr 0.2141372141, noise 0.2681912682, "
        "rest 0.0145530146");
}

TEST_CASE("importance is the same of a metric that is large beside its differences") {
  auto trials = grid();
  for (auto& trial : trials) *trial.value += 1e9;
  CHECK(text(importance(trials)) == text(importance(grid())));
}

TEST_CASE("over a random search, importance comes near to the true shares of the variance") {
  // The variances are 16/12, 4/12 and 4 * 2/9, of 2.556.
  const auto found = importance(random_search(200));
  REQUIRE(found);
  CHECK(share(*found, "a") == doctest::Approx(0.52).epsilon(0.1));
  CHECK(share(*found, "k") == doctest::Approx(0.35).epsilon(0.1));
  CHECK(share(*found, "b") == doctest::Approx(0.13).epsilon(0.2));
  CHECK(share(*found, "c") < 0.01);
  CHECK(found->shares.front().name() == "a");
}

// As above, with the second axis of v under two names, and under one that is coarser than it.
TEST_CASE("parameters that a matrix varies together have one share under all their names") {
  auto trials = grid();
  for (auto& trial : trials) {
    const double lr = find_parameter(trial.parameters, "optimizer.lr")->get<double>();
    trial.parameters.emplace_back("train.batch_size", lr < 0.005 ? 64 : lr < 0.05 ? 128 : 16);
    trial.parameters.emplace_back("model.width", lr < 0.05 ? "narrow" : "wide");
  }
  CHECK(text(importance(trials)) ==
        "optimizer 0.5031185031, optimizer.lr, train.batch_size, model.width 0.2141372141, "
        "noise 0.2681912682, rest 0.0145530146");
}

TEST_CASE("trials without a value are passed over, whatever they tried") {
  auto trials = grid();
  trials.push_back({99, {{"optimizer.lr", 7.0}}, std::nullopt, "failed", 1});
  trials.push_back(
      {100, {{"optimizer.lr", 8.0}}, std::numeric_limits<double>::quiet_NaN(), "done", 1});
  CHECK(text(importance(trials)) == text(importance(grid())));
}

TEST_CASE("a parameter that some trials lack has a value of its own there") {
  const std::vector<SweepTrial> trials{{0, {{"momentum", 0.5}}, 1.0, "done", 1},
                                       {1, {{"momentum", 0.9}}, 1.0, "done", 1},
                                       {2, {}, 4.0, "done", 1}};
  CHECK(text(importance(trials)) == "momentum 1.0000000000, noise 0.0000000000, rest 0.0000000000");
}

TEST_CASE("trials that differ in their seed alone show noise alone") {
  const std::vector<SweepTrial> trials{{0, {{"lr", 1}, {"seed", 1}}, 1.0, "done", 1},
                                       {1, {{"lr", 1}, {"seed", 2}}, 2.0, "done", 1}};
  CHECK(text(importance(trials)) == "noise 1.0000000000, rest 0.0000000000");
}

TEST_CASE("nothing is important where no values differ") {
  CHECK(text(importance({})) == "none");
  const std::vector<SweepTrial> trials{{0, {{"lr", 1}}, 0.1, "done", 1},
                                       {1, {{"lr", 2}}, 0.1, "done", 1}};
  CHECK(text(importance(trials)) == "none");
  CHECK(text(importance(std::span(trials).first(1))) == "none");
}
