#include "runner/answers/race.hpp"

#include <algorithm>

namespace runner {

std::vector<std::int64_t> looks(std::int64_t most) {
  std::vector<std::int64_t> out;
  for (std::int64_t n = 4; n <= most * 2; n *= 2)
    for (const auto each : {n - n / 4, n})
      if (each < most) out.push_back(each);
  out.push_back(most);
  return out;
}

Look look_at(const std::vector<double>& a, const std::vector<double>& b, double p,
             std::size_t number_of_looks) {
  Look look{mean(a), mean(b), welch_test(a, b), {}, false};
  if (look.test)
    look.adjusted_p = std::min(1.0, look.test->p * static_cast<double>(number_of_looks));
  if (look.adjusted_p)
    look.settled = *look.adjusted_p < p;
  else
    look.settled = a.size() > 1 && b.size() > 1 && look.a != look.b;
  return look;
}

}  // namespace runner
