#include "runner/search/sampler.hpp"

#include "runner/search/draws.hpp"
#include "runner/search/grid.hpp"
#include "runner/search/sobol.hpp"
#include "runner/search/tpe.hpp"

#include <algorithm>
#include <cstdlib>

namespace runner {
namespace {

Point random_point(const Space& space, std::uint64_t key) {
  Draws draws(key);
  Point point;
  for (const auto& axis : space) point.push_back(from_unit(axis, draws.uniform()));
  return point;
}

Point sobol_trial(const Space& space, std::int64_t number, std::uint64_t seed) {
  const auto units = scrambled_sobol_point(space.size(), number, seed);
  Point point;
  for (std::size_t i = 0; i < space.size(); ++i) point.push_back(from_unit(space[i], units[i]));
  return point;
}

bool is_learning(const Search& search, std::span<const Observation> history) {
  const auto ended = std::ranges::count_if(history, [](const auto& o) { return !o.running; });
  static const int st = std::getenv("ST") ? std::atoi(std::getenv("ST")) : 10;
  (void)search;
  return ended >= st;
}

}  // namespace

Point suggest(const Search& search, const Space& space, std::int64_t number,
              std::span<const Observation> history) {
  const auto seed = static_cast<std::uint64_t>(search.seed);
  const auto key = derive(seed, number);
  if (search.strategy == "grid") return grid_point(space, number);
  if (search.strategy == "sobol") return sobol_trial(space, number, seed);
  if (search.strategy == "tpe" && is_learning(search, history))
    return tpe_point(search, space, key, history);
  static const bool sob = std::getenv("SOB") && std::atoi(std::getenv("SOB"));
  if (sob && search.strategy == "tpe") return sobol_trial(space, number, seed);
  return random_point(space, key);
}

}  // namespace runner
