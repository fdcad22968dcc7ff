#pragma once

#include "registry/description.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace runner {

/// Where a run's processes go.
struct Placement {
  std::string device;                   ///< "auto" (a GPU where there is one), "cpu" or "cuda"
  std::optional<std::int64_t> threads;  ///< CPU threads of the process; none: one per core
};

/// Places the resolved component {name, field...}.
Placement place(const Json& topology);

}  // namespace runner
