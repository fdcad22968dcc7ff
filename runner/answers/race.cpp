#include "runner/answers/race.hpp"

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
  Look look{mean(a), mean(b), welch_test(a, b), false};
  if (look.test)
    look.settled = look.test->p < p / static_cast<double>(number_of_looks);
  else
    look.settled = a.size() > 1 && b.size() > 1 && look.a != look.b;
  return look;
}

}  // namespace runner
