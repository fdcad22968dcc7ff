#pragma once

#include "runner/search/axis.hpp"
#include "runner/search/search.hpp"

#include <optional>
#include <span>

namespace runner {

/// What is known of a trial. Less is better: who maximises negates.
struct Observation {
  Point point;
  std::optional<double> value;  ///< empty, or no number: it failed, which is the worst
  bool running = false;         ///< its value is not known yet
};

/// The point that trial `number` (from 0) tries. It follows from the arguments alone: nothing is
/// kept, so a search that was killed goes on as it would have. `history` is of this space; its
/// order decides nothing but ties. tpe alone looks at it.
Point suggest(const Search& search, const Space& space, std::int64_t number,
              std::span<const Observation> history);

}  // namespace runner
