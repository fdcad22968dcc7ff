#include "runner/search/tpe.hpp"

#include "runner/search/parzen.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace runner {
namespace {
double env(const char* name, double value) {
  const char* s = std::getenv(name);
  return s ? std::atof(s) : value;
}
double worth(const Observation& o) {
  return o.value && !std::isnan(*o.value) ? *o.value : std::numeric_limits<double>::infinity();
}
}  // namespace

Point tpe_point(const Search& search, const Space& space, std::uint64_t key,
                std::span<const Observation> history) {
  static const double gam = env("GAMMA", 0.1), cap = env("CAP", 25), root = env("ROOT", 0);
  static const double cand = env("CAND", 0), wexp = env("WEXP", 0);
  static const Kernels good{env("GW", 0.2), env("GS", 0),    env("GF", 0.02), env("GP", 1),
                            env("GPS", 1),  env("CAT", 0.3), env("GE", 1)};
  static const Kernels bad{env("BW", 0.2), env("BS", 0),     env("BF", 0.02), env("BP", 1),
                           env("BPS", 1),  env("BCAT", 0.3), env("BE", 1)};
  std::vector<const Observation*> ended, running;
  for (const auto& o : history) (o.running ? running : ended).push_back(&o);
  std::ranges::stable_sort(ended, {}, [](const auto* o) { return worth(*o); });
  const double n = static_cast<double>(ended.size());
  auto count = static_cast<std::size_t>(
      std::min(cap, root > 0 ? std::ceil(root * std::sqrt(n)) : std::ceil(gam * n)));
  std::vector<Point> g, b;
  for (const auto* o : ended)
    (g.size() < count && worth(*o) < std::numeric_limits<double>::infinity() ? g : b)
        .push_back(o->point);
  for (const auto* o : running) b.push_back(o->point);
  std::vector<double> gw, bw(b.size(), 1);
  for (std::size_t i = 0; i < g.size(); ++i)
    gw.push_back(wexp > 0 ? std::pow(std::log(static_cast<double>(g.size()) + 1) -
                                         std::log(static_cast<double>(i) + 1),
                                     wexp)
                          : 1);
  double s = 0;
  for (auto w : gw) s += w;
  for (auto& w : gw) w *= static_cast<double>(g.size()) / s;
  const Parzen l(space, g, gw, good), h(space, b, bw, bad);
  Draws draws(key);
  Point best;
  double top = -std::numeric_limits<double>::infinity();
  const int C = cand > 0 ? static_cast<int>(cand) : static_cast<int>(search.candidates);
  for (int i = 0; i < C; ++i) {
    auto p = l.draw(draws);
    const double score = l.log_density(p) - h.log_density(p);
    if (score > top) top = score, best = p;
  }
  return best;
}

}  // namespace runner
