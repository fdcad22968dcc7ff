#include "runner/search/asha.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace runner {
namespace {

using Rung = std::map<std::int64_t, double>;  ///< what each trial came to

std::vector<Rung> by_rung(std::span<const RungResult> results, int rungs) {
  std::vector<Rung> out(static_cast<std::size_t>(std::max(rungs, 1)));
  for (const auto& [trial, rung, value] : results) {
    if (rung >= 0 && rung < rungs) out[static_cast<std::size_t>(rung)][trial] = value;
  }
  return out;
}

/// The paper's top_k: the best so many of the rung, the best first.
std::vector<std::int64_t> best_of(const Rung& rung, std::size_t number) {
  std::vector<std::pair<double, std::int64_t>> order;
  for (const auto& [trial, value] : rung)
    if (std::isfinite(value)) order.emplace_back(value, trial);
  std::ranges::sort(order);
  std::vector<std::int64_t> out;
  for (const auto& [value, trial] : order)
    if (out.size() < number) out.push_back(trial);
  return out;
}

}  // namespace

std::vector<std::int64_t> rung_budgets(std::int64_t first, std::int64_t reduction_factor,
                                       std::int64_t last, std::optional<std::int64_t> most) {
  std::vector<std::int64_t> budgets;
  const auto room = [&] { return !most || static_cast<std::int64_t>(budgets.size()) < *most - 1; };
  for (auto budget = first; budget < last && room(); budget *= reduction_factor) {
    budgets.push_back(budget);
    if (budget > last / reduction_factor) break;  // the next would be beyond it, or beyond 64 bits
  }
  budgets.push_back(last);
  return budgets;
}

std::optional<Promotion> next_promotion(std::span<const RungResult> results,
                                        const std::set<Promotion>& given,
                                        std::int64_t reduction_factor, int rungs) {
  const auto record = by_rung(results, rungs);
  for (int k = rungs - 2; k >= 0; --k) {
    const auto& rung = record[static_cast<std::size_t>(k)];
    const auto& above = record[static_cast<std::size_t>(k) + 1];
    for (const auto trial : best_of(rung, rung.size() / static_cast<std::size_t>(reduction_factor)))
      if (!given.contains({trial, k + 1}) && !above.contains(trial)) return Promotion{trial, k + 1};
  }
  return std::nullopt;
}

std::optional<Promotion> best_of_highest_rung(std::span<const RungResult> results,
                                              const std::set<Promotion>& given, int rungs) {
  const auto record = by_rung(results, rungs);
  for (int k = rungs - 2; k >= 0; --k) {
    const auto& rung = record[static_cast<std::size_t>(k)];
    for (const auto trial : best_of(rung, rung.size()))
      if (!given.contains({trial, k + 1})) return Promotion{trial, k + 1};
  }
  return std::nullopt;
}

}  // namespace runner
