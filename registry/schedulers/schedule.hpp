#pragma once

#include "registry/description.hpp"

#include <cstdint>
#include <functional>

namespace runner {

/// How far the training has come: what has been completed, from 0.
struct Progress {
  std::int64_t epoch = 0;    ///< whole epochs
  std::int64_t step = 0;     ///< optimizer steps
  std::int64_t samples = 0;  ///< training samples, the same for any number of ranks
};

/// The factor on the optimizer's lr for the next step: a pure function of the progress, so that a
/// resumed run needs no state of it.
using Schedule = std::function<double(const Progress&)>;

/// Builds the resolved component {name, field...}.
Schedule build_schedule(const Json& component);

}  // namespace runner
