#include "runner/search/sampler.hpp"

#include "runner/search/draws.hpp"
#include "runner/search/grid.hpp"
#include "runner/search/sobol.hpp"
#include "tests/runner/search/axes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>

#include <doctest/doctest.h>

using namespace runner;

namespace {

using enum Axis::Kind;

const Space mixed{axis(log_uniform, 1e-5, 10), axis(int_log_uniform, 16, 1024),
                  axis(int_uniform, 1, 8), axis(uniform, 0, 0.5), axis(choice, 0, 0, 3)};

Search search_by(const std::string& strategy, std::int64_t seed = 1) {
  Search search;
  search.strategy = strategy;
  search.seed = seed;
  return search;
}

bool is_in(const Space& space, const Point& point) {
  if (point.size() != space.size()) return false;
  for (std::size_t i = 0; i < space.size(); ++i) {
    const auto& each = space[i];
    const bool whole = each.count().has_value();
    const double low = each.kind == choice ? 0 : each.low;
    const double high =
        each.kind == choice ? static_cast<double>(each.choices.size()) - 1 : each.high;
    const double value = point[i].get<double>();
    if (point[i].is_number_integer() != whole || value < low || value > high) return false;
  }
  return true;
}

double sphere(const Point& point) {
  double sum = 0;
  for (const auto& each : point) sum += std::pow(each.get<double>(), 2);
  return sum;
}

double branin(const Point& point) {
  constexpr double pi = std::numbers::pi;
  const double x = point[0], y = point[1];
  const double bowl = y - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6;
  return bowl * bowl + 10 * (1 - 1 / (8 * pi)) * std::cos(x) + 10 - 0.397887357729739;
}

/// A rate and a width on log scales, layers, a dropout that is best at 0 and three optimizers.
double training(const Point& point) {
  const double off = std::log10(point[0].get<double>()) + 2;
  const double width = std::log2(point[1].get<double>()) - 8;
  return off * off + 0.1 * width * width + std::abs(point[2].get<double>() - 5) * 0.1 +
         point[3].get<double>() + 0.3 * std::abs(point[4].get<double>() - 1);
}

std::vector<Observation> history_of(const Search& search, const Space& space, int trials,
                                    double (*value)(const Point&)) {
  std::vector<Observation> history;
  for (int number = 0; number < trials; ++number) {
    const auto point = suggest(search, space, number, history);
    history.push_back({point, value(point)});
  }
  return history;
}

/// The median over seeds of the best value.
double reached(const std::string& strategy, const Space& space, int trials,
               double (*value)(const Point&)) {
  std::vector<double> best;
  for (int seed = 0; seed < 11; ++seed) {
    const auto history = history_of(search_by(strategy, seed), space, trials, value);
    best.push_back(*std::ranges::min(history, {}, [](const auto& o) { return *o.value; }).value);
  }
  std::ranges::nth_element(best, best.begin() + 5);
  return best[5];
}

/// The share of numbers below each tenth of the interval differs from it by less than `most`.
void check_uniform(std::vector<double> units, double most) {
  for (int tenth = 1; tenth < 10; ++tenth) {
    const double share = static_cast<double>(std::ranges::count_if(
                             units, [&](double u) { return u < tenth / 10.0; })) /
                         static_cast<double>(units.size());
    CHECK(std::abs(share - tenth / 10.0) < most);
  }
}

}  // namespace

TEST_CASE("no strategy of a search leaves the bounds, and integers stay integers") {
  for (const std::string strategy : {"random", "sobol", "tpe"})
    for (const auto& each : history_of(search_by(strategy), mixed, 60, training))
      CHECK(is_in(mixed, each.point));
}

TEST_CASE("random and Sobol searches are uniform on each axis, also on log axes") {
  for (const std::string strategy : {"random", "sobol"})
    for (std::size_t i : {0, 3}) {
      std::vector<double> units;
      for (int number = 0; number < 4096; ++number)
        units.push_back(to_unit(mixed[i], suggest(search_by(strategy), mixed, number, {})[i]));
      check_uniform(units, strategy == "sobol" ? 0.001 : 0.02);
    }
}

TEST_CASE("random searches give each choice and each integer its share") {
  std::vector<int> layers(9), choices(3);
  for (int number = 0; number < 8000; ++number) {
    const auto point = suggest(search_by("random"), mixed, number, {});
    ++layers[point[2].get<std::size_t>()];
    ++choices[point[4].get<std::size_t>()];
  }
  for (int k = 1; k <= 8; ++k) CHECK(std::abs(layers[static_cast<std::size_t>(k)] - 1000) < 120);
  for (const int count : choices) CHECK(std::abs(count - 8000 / 3) < 150);
}

TEST_CASE("the same history gives the same suggestion, another seed or number another") {
  for (const std::string strategy : {"random", "sobol", "tpe"}) {
    const auto history = history_of(search_by(strategy), mixed, 30, training);
    const auto again = history_of(search_by(strategy), mixed, 30, training);
    const auto point = suggest(search_by(strategy), mixed, 30, history);
    CHECK(point == suggest(search_by(strategy), mixed, 30, again));
    CHECK(point != suggest(search_by(strategy, 2), mixed, 30, history));
    CHECK(point != suggest(search_by(strategy), mixed, 31, history));
  }
}

TEST_CASE("the order in which trials end does not change what tpe suggests") {
  auto history = history_of(search_by("tpe"), mixed, 30, training);
  const auto point = suggest(search_by("tpe"), mixed, 30, history);
  std::ranges::reverse(history);
  const auto reversed = suggest(search_by("tpe"), mixed, 30, history);
  CHECK(to_unit(mixed[0], point[0]) == doctest::Approx(to_unit(mixed[0], reversed[0])));
  CHECK(point[4] == reversed[4]);
}

TEST_CASE("a grid's last axis turns fastest, and it has each point once") {
  const Space space{axis(choice, 0, 0, 2), axis(int_uniform, -1, 1)};
  REQUIRE(grid_size(space) == 6);
  std::vector<Point> points;
  for (int number = 0; number < 6; ++number)
    points.push_back(suggest(search_by("grid"), space, number, {}));
  CHECK(points == std::vector<Point>{{0, -1}, {0, 0}, {0, 1}, {1, -1}, {1, 0}, {1, 1}});
}

TEST_CASE("Sobol's points are those of the sequence") {
  // The first points in three dimensions, as Joe and Kuo's program prints them.
  CHECK(sobol_point(3, 0) == std::vector{0.0, 0.0, 0.0});
  CHECK(sobol_point(3, 1) == std::vector{0.5, 0.5, 0.5});
  CHECK(sobol_point(3, 2) == std::vector{0.75, 0.25, 0.25});
  CHECK(sobol_point(3, 3) == std::vector{0.25, 0.75, 0.75});
  CHECK(sobol_point(3, 4) == std::vector{0.375, 0.375, 0.625});
  CHECK(sobol_point(3, 5) == std::vector{0.875, 0.875, 0.125});
}

TEST_CASE(
    "scrambled Sobol points are balanced: one in each part of an axis, and in pairs of axes") {
  for (const std::uint64_t seed : {1, 2, 3}) {
    std::set<std::pair<std::size_t, int>> parts;
    std::set<std::pair<int, int>> cells;
    for (int number = 0; number < 64; ++number) {
      const auto point = scrambled_sobol_point(5, number, seed);
      for (std::size_t i = 0; i < 5; ++i) parts.emplace(i, static_cast<int>(point[i] * 64));
      cells.emplace(static_cast<int>(point[0] * 8), static_cast<int>(point[1] * 8));
    }
    CHECK(parts.size() == 5 * 64);
    CHECK(cells.size() == 64);
  }
}

TEST_CASE("eight suggestions at once spread out when running trials are known") {
  const Space space(3, axis(uniform, -5, 10));
  const auto distance = [&](const Point& a, const Point& b) {
    double sum = 0;
    for (std::size_t i = 0; i < 3; ++i)
      sum += std::pow(to_unit(space[i], a[i]) - to_unit(space[i], b[i]), 2);
    return std::sqrt(sum);
  };
  double told = 0, untold = 0;
  for (int seed = 0; seed < 20; ++seed) {
    const auto ended = history_of(search_by("tpe", seed), space, 40, sphere);
    auto running = ended;
    std::vector<Point> with, without;
    for (int number = 40; number < 48; ++number) {
      with.push_back(suggest(search_by("tpe", seed), space, number, running));
      running.push_back({with.back(), std::nullopt, true});
      without.push_back(suggest(search_by("tpe", seed), space, number, ended));
    }
    for (std::size_t i = 0; i < 8; ++i)
      for (std::size_t j = 0; j < i; ++j) {
        told += distance(with[i], with[j]);
        untold += distance(without[i], without[j]);
      }
  }
  CHECK(told > 1.2 * untold);
}

TEST_CASE("failed trials count as the worst, whatever they left as a value") {
  const Space space(2, axis(uniform, 0, 1));
  const auto failing = [&](std::optional<double> value) {
    std::vector<Observation> history;
    for (int number = 0; number < 40; ++number) {
      const auto point = suggest(search_by("random"), space, number, {});
      const bool fails = point[0].get<double>() < 0.5;  // the better half, if it counted
      history.push_back({point, fails ? value : point[0].get<double>()});
    }
    int inside = 0;
    for (int number = 40; number < 100; ++number)
      inside += suggest(search_by("tpe"), space, number, history)[0].get<double>() < 0.45;
    return inside;
  };
  CHECK(failing(std::nullopt) < 10);
  CHECK(failing(std::nan("")) < 10);
  CHECK(failing(std::numeric_limits<double>::infinity()) < 10);
}

TEST_CASE("a search in which every trial failed goes on") {
  std::vector<Observation> history;
  for (int number = 0; number < 20; ++number) {
    const auto point = suggest(search_by("tpe"), mixed, number, history);
    CHECK(is_in(mixed, point));
    history.push_back({point, std::nullopt});
  }
}

TEST_CASE("tpe tries no point again while another is among its candidates") {
  const Space space{axis(choice, 0, 0, 6), axis(int_uniform, 1, 6)};
  const auto history = history_of(search_by("tpe"), space, 30, sphere);
  std::set<Point> tried;
  for (const auto& each : history) tried.insert(each.point);
  // The first ten are drawn blindly and may be twice the same.
  CHECK(tried.size() >= 27);
}

TEST_CASE("tpe's first trials are blind: so many as startup_trials says") {
  auto search = search_by("tpe");
  search.startup_trials = 20;
  auto history = history_of(search, mixed, 19, training);
  const auto blind = suggest(search, mixed, 19, {});
  CHECK(suggest(search, mixed, 19, history) == blind);
  history.push_back({blind, training(blind)});
  CHECK(suggest(search, mixed, 20, history) != suggest(search, mixed, 20, {}));
}

TEST_CASE("tpe learns while trials run, once half as many as are blind have ended") {
  const auto search = search_by("tpe");
  auto history = history_of(search, mixed, 10, training);
  const auto blind = suggest(search, mixed, 10, {});
  for (std::size_t i = 5; i < 10; ++i) history[i] = {history[i].point, std::nullopt, true};
  CHECK(suggest(search, mixed, 10, history) != blind);
  history[4] = {history[4].point, std::nullopt, true};
  CHECK(suggest(search, mixed, 10, history) == blind);
}

TEST_CASE("tpe finds far better points than random search does") {
  CHECK(reached("tpe", Space(5, axis(uniform, -5, 10)), 60, sphere) <
        0.25 * reached("random", Space(5, axis(uniform, -5, 10)), 60, sphere));
  const Space plane{axis(uniform, -5, 10), axis(uniform, 0, 15)};
  CHECK(reached("tpe", plane, 60, branin) < 0.5 * reached("random", plane, 60, branin));
  CHECK(reached("tpe", mixed, 100, training) < 0.4 * reached("random", mixed, 100, training));
}
