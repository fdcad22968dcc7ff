#include "runner/answers/cells.hpp"

#include <limits>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace runner;

namespace {

SweepTrial trial(std::int64_t number, double lr, int seed, std::optional<double> value,
                 std::string status = "done") {
  return {number, {{"optimizer.lr", lr}, {"seed", seed}}, value, std::move(status), 1};
}

std::string shown(std::optional<double> value) {
  return value ? fmt::format("{:.4f}", *value) : "-";
}

std::string text(const std::vector<CellSummary>& cells) {
  std::string out;
  for (const auto& cell : cells) {
    for (const auto& [path, value] : cell.parameters) out += path + "=" + value.dump() + " ";
    out += fmt::format("n={} failed={} mean={} sd={}", cell.n, cell.failed, shown(cell.mean),
                       shown(cell.standard_deviation));
    if (cell.interval)
      out += fmt::format(" [{:.4f}, {:.4f}]", cell.interval->low, cell.interval->high);
    out += "\n";
  }
  return out;
}

const std::vector<SweepTrial> sweep{
    trial(0, 0.1, 1, 0.90),
    trial(1, 0.1, 2, 0.94),
    trial(2, 1.0, 1, std::nullopt, "failed"),
    trial(3, 0.5, 1, 0.95),
    trial(4, 0.5, 2, 0.95),
    trial(5, 0.5, 3, std::numeric_limits<double>::quiet_NaN()),
    trial(6, 0.2, 1, std::nullopt, "running"),
};

}  // namespace

TEST_CASE("trials that are alike but for their seed are one cell, the best first") {
  CHECK(text(summarise(sweep, Goal::greater)) ==
        "optimizer.lr=0.5 n=2 failed=1 mean=0.9500 sd=0.0000 [0.9500, 0.9500]\n"
        "optimizer.lr=0.1 n=2 failed=0 mean=0.9200 sd=0.0283 [0.6659, 1.1741]\n"
        "optimizer.lr=1.0 n=0 failed=1 mean=- sd=-\n"
        "optimizer.lr=0.2 n=0 failed=0 mean=- sd=-\n");
  CHECK(summarise(sweep, Goal::smaller).front().parameters.front().second == 0.1);
  CHECK(summarise(sweep, Goal::greater).front().trials == std::vector<std::int64_t>{3, 4, 5});
  CHECK(summarise({}, Goal::greater).empty());
}

TEST_CASE("the order in which a trial names its parameters makes no other cell") {
  const std::vector<SweepTrial> trials{{0, {{"a", 1}, {"b", "x"}}, 1.0, "done", 1},
                                       {1, {{"b", "x"}, {"seed", 2}, {"a", 1}}, 2.0, "done", 1}};
  CHECK(text(summarise(trials, Goal::greater)) ==
        "a=1 b=\"x\" n=2 failed=0 mean=1.5000 sd=0.7071 [-4.8531, 7.8531]\n");
}

TEST_CASE("the greater value is better only where the goal is so") {
  CHECK(is_better(Goal::greater, 2, 1));
  CHECK(is_better(Goal::smaller, 1, 2));
  CHECK_FALSE(is_better(Goal::smaller, 1, 1));
  CHECK_FALSE(is_better(Goal::greater, std::numeric_limits<double>::infinity(), 1));
  CHECK(is_better(Goal::greater, 1, std::numeric_limits<double>::quiet_NaN()));
}
