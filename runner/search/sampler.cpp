#include "runner/search/sampler.hpp"

#include "runner/search/draws.hpp"
#include "runner/search/grid.hpp"
#include "runner/search/sobol.hpp"
#include "runner/search/tpe.hpp"

#include <algorithm>

namespace runner {
namespace {

Point sobol_trial(const Space& space, std::int64_t number, std::uint64_t seed) {
  const auto units = scrambled_sobol_point(space.size(), number, seed);
  Point point;
  for (std::size_t i = 0; i < space.size(); ++i) point.push_back(from_unit(space[i], units[i]));
  return point;
}

/// Trials that run are not waited for when half as many as are blind have ended.
bool is_learning(const Search& search, std::span<const Observation> history) {
  const auto ended =
      std::ranges::count_if(history, [](const auto& trial) { return !trial.running; });
  return std::ssize(history) >= search.startup_trials && 2 * ended >= search.startup_trials;
}

}  // namespace

Point suggest(const Search& search, const Space& space, std::int64_t number,
              std::span<const Observation> history) {
  const auto seed = static_cast<std::uint64_t>(search.seed);
  Draws draws(derive(seed, number));
  if (search.strategy == "grid") return grid_point(space, number);
  if (search.strategy == "sobol") return sobol_trial(space, number, seed);
  if (search.strategy == "tpe" && is_learning(search, history))
    return tpe_point(search, space, draws, history);
  return draw_anywhere(space, draws);
}

}  // namespace runner
