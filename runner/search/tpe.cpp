#include "runner/search/tpe.hpp"

#include "runner/search/parzen.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace runner {
namespace {

constexpr double good_share = 0.1;
constexpr double most_good = 25;

constexpr double worst_worth = std::numeric_limits<double>::infinity();

double worth(const Observation& trial) {
  return trial.value && !std::isnan(*trial.value) ? *trial.value : worst_worth;
}

/// Ended trials, the best first.
std::vector<const Observation*> ranked(std::span<const Observation> history) {
  std::vector<const Observation*> ended;
  for (const auto& trial : history)
    if (!trial.running) ended.push_back(&trial);
  std::ranges::stable_sort(ended, {}, [](const auto* trial) { return worth(*trial); });
  return ended;
}

struct Split {
  std::vector<Weighted> good, others;
};

/// The good trials weigh the more the better they are, by the logarithm of their rank.
Split split(std::span<const Observation> history) {
  const auto ended = ranked(history);
  const double size =
      std::min(most_good, std::ceil(good_share * static_cast<double>(ended.size())));
  Split out;
  for (const auto* trial : ended) {
    const auto rank = static_cast<double>(out.good.size()) + 1;
    if (rank <= size && worth(*trial) < worst_worth)
      out.good.push_back({&trial->point, std::log((size + 1) / rank)});
    else
      out.others.push_back({&trial->point, 1});
  }
  for (const auto& trial : history)
    if (trial.running) out.others.push_back({&trial.point, 1});
  return out;
}

/// Of the kernels. They narrow as trials end: wide ones see the lie of the land, narrow ones find
/// the bottom. See the README for what was measured.
double width_after(std::size_t trials) {
  return 0.12 * std::pow(static_cast<double>(trials) / 10, -0.4);
}

/// Points can only come again where no axis is real.
class Tried {
 public:
  Tried(const Space& space, std::span<const Observation> history)
      : history_(history), can_repeat_(std::ranges::all_of(space, [](const auto& axis) {
          return axis.count().has_value();
        })) {}

  bool contains(const Point& point) const {
    return can_repeat_ &&
           std::ranges::any_of(history_, [&](const auto& trial) { return trial.point == point; });
  }

 private:
  std::span<const Observation> history_;
  bool can_repeat_;
};

/// A point that was not tried yet, where some draws find one.
Point draw_untried(const Space& space, const Tried& tried, std::int64_t draws_at_most,
                   Draws& draws) {
  auto point = draw_anywhere(space, draws);
  for (std::int64_t i = 1; i < draws_at_most && tried.contains(point); ++i)
    point = draw_anywhere(space, draws);
  return point;
}

}  // namespace

Point tpe_point(const Search& search, const Space& space, Draws draws,
                std::span<const Observation> history) {
  const auto [good, others] = split(history);
  const double width = width_after(history.size());
  const Parzen where_good(space, good, width), where_others(space, others, width);
  const Tried tried(space, history);
  Point best;
  double most = -worst_worth;
  for (std::int64_t i = 0; i < search.candidates; ++i) {
    auto point = where_good.draw(draws);
    if (tried.contains(point)) continue;
    const double promise = where_good.log_density(point) - where_others.log_density(point);
    if (promise <= most) continue;
    most = promise;
    best = std::move(point);
  }
  return best.empty() ? draw_untried(space, tried, search.candidates, draws) : best;
}

}  // namespace runner
