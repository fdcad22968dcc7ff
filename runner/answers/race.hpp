#pragma once

#include "runner/answers/statistics.hpp"
#include "runner/answers/trial_table.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace runner {

/// After how many seeds of each side a race looks at its difference: 3, 4, 6, 8, 12, 16, ... up to
/// `most`, which is the last.
std::vector<std::int64_t> looks(std::int64_t most);

/// What a look at two samples says.
struct Look {
  double a = 0, b = 0;  ///< means
  std::optional<WelchTest> test;
  std::optional<double> adjusted_p;  ///< the test's p-value times the number of looks
  bool settled = false;
};

/// Whoever looks several times finds by chance what is not there more often than `p` says: so the
/// p-value is multiplied by the number of looks (Bonferroni), and all of them together err with
/// probability `p` at most. Samples that do not vary at all settle it, too, when they differ.
Look look_at(const std::vector<double>& a, const std::vector<double>& b, double p,
             std::size_t number_of_looks);

}  // namespace runner
