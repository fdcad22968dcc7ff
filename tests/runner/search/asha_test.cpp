#include "runner/search/asha.hpp"

#include <cmath>
#include <fstream>
#include <limits>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace runner;

namespace {

using Budgets = std::vector<std::int64_t>;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::string decision(const std::optional<Promotion>& promotion) {
  if (!promotion) return "a new trial";
  return std::to_string(promotion->trial) + " to rung " + std::to_string(promotion->rung);
}

/// The trials that go on from rung 0 one after another, by a reduction factor of 3.
std::vector<std::int64_t> promoted_from(std::span<const RungResult> results) {
  std::set<Promotion> given;
  std::vector<std::int64_t> trials;
  while (const auto next = next_promotion(results, given, 3, 2)) {
    trials.push_back(next->trial);
    given.insert(*next);
  }
  return trials;
}

}  // namespace

TEST_CASE("asha decides as the published algorithm does, at every step of a recorded trace") {
  std::ifstream file(RUNNER_SOURCE_DIR "/tests/reference/asha_trace.json");
  const auto trace = nlohmann::json::parse(file);
  std::vector<RungResult> results;
  std::set<Promotion> given;
  int promotions = 0;
  for (const auto& event : trace) {
    if (event.contains("tell")) {
      const auto& told = event.at("tell");
      results.push_back(
          {told[0], told[1], told[2].is_null() ? not_a_number : told[2].get<double>()});
      continue;
    }
    const auto& ask = event.at("ask");
    const bool is_new = ask.is_null() || ask[1] == 0;
    const auto expected =
        is_new ? std::nullopt : std::optional<Promotion>(Promotion{ask[0], ask[1]});
    const auto found = next_promotion(results, given, 3, 5);
    REQUIRE(decision(found) == decision(expected));
    if (!found) continue;
    given.insert(*found);
    ++promotions;
  }
  CHECK(results.size() == 132);
  CHECK(promotions == 51);
}

TEST_CASE("asha's rungs grow by the reduction factor, and the last is the whole length") {
  CHECK(rung_budgets(1, 3, 81) == Budgets{1, 3, 9, 27, 81});
  CHECK(rung_budgets(938, 4, 13132) == Budgets{938, 3752, 13132});
  CHECK(rung_budgets(100, 2, 100) == Budgets{100});
  CHECK(rung_budgets(200, 2, 100) == Budgets{100});
  CHECK(rung_budgets(1, 3, 81, 3) == Budgets{1, 3, 81});
  CHECK(rung_budgets(1, 3, 81, 1) == Budgets{81});
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  CHECK(rung_budgets(1, 1'000'000'000, most) ==
        Budgets{1, 1'000'000'000, 1'000'000'000'000'000'000, most});
}

TEST_CASE("asha lets the lower number go on where trials are equal") {
  const std::vector<RungResult> results{{7, 0, 0.5}, {4, 0, 0.5}, {9, 0, 0.5},
                                        {2, 0, 0.9}, {5, 0, 0.5}, {6, 0, 0.5}};
  CHECK(promoted_from(results) == std::vector<std::int64_t>{4, 5});
}

TEST_CASE("a failed trial counts among those of its rung, but never goes on") {
  const std::vector<RungResult> results{
      {0, 0, not_a_number}, {1, 0, HUGE_VAL},     {2, 0, not_a_number}, {3, 0, 0.7},
      {4, 0, not_a_number}, {5, 0, not_a_number}, {6, 0, not_a_number}};
  CHECK(promoted_from(results) == std::vector<std::int64_t>{3});
}

TEST_CASE("a result in a rung shows that the trial was let go on, where that was not recorded") {
  const std::vector<RungResult> results{{0, 0, 0.1}, {1, 0, 0.2}, {2, 0, 0.3}, {0, 1, 0.1}};
  CHECK_FALSE(next_promotion(results, {}, 3, 2));
}

TEST_CASE("of a trial that reports twice from a rung, the newer value counts") {
  const std::vector<RungResult> results{{0, 0, 0.1}, {1, 0, 0.2}, {2, 0, 0.3}, {0, 0, 0.9}};
  CHECK(promoted_from(results) == std::vector<std::int64_t>{1});
}

TEST_CASE("asha has nothing to let go on without results, or with one rung") {
  CHECK_FALSE(next_promotion({}, {}, 3, 5));
  const std::vector<RungResult> results{{0, 0, 0.1}, {1, 0, 0.2}, {2, 0, 0.3}};
  CHECK_FALSE(next_promotion(results, {}, 3, 1));
}

TEST_CASE("where no rung promotes a trial, the best of the highest rung can be trained on") {
  std::vector<RungResult> results{{1, 0, 0.5}, {2, 0, 0.4}};
  CHECK_FALSE(next_promotion(results, {}, 3, 3));
  CHECK(best_of_highest_rung(results, {}, 3) == Promotion{2, 1});
  results.push_back({2, 1, 0.9});
  CHECK(best_of_highest_rung(results, {{2, 1}}, 3) == Promotion{2, 2});
  results.push_back({2, 2, not_a_number});
  CHECK(best_of_highest_rung(results, {{2, 1}, {2, 2}}, 3) == Promotion{1, 1});
}

TEST_CASE("where all have failed or come to the last rung, none can be trained on") {
  CHECK_FALSE(best_of_highest_rung({}, {}, 3));
  const std::vector<RungResult> failed{{1, 0, not_a_number}, {2, 0, HUGE_VAL}};
  CHECK_FALSE(best_of_highest_rung(failed, {}, 3));
  const std::vector<RungResult> ended{{2, 0, 0.4}, {2, 1, 0.3}};
  CHECK_FALSE(best_of_highest_rung(ended, {{2, 1}}, 2));
}
