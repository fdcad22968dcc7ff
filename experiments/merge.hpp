#pragma once

#include "experiments/store.hpp"

#include <cstdint>
#include <filesystem>

namespace runner {

/// How many runs of the other database came, were brought up to date, or were there as they are.
struct Merged {
  std::int64_t came = 0, updated = 0, there = 0;
};

/// Brings the runs and sweeps of another database into this one, in one transaction; the other is
/// not changed, and files stay where they are. A run that is here already stays, unless the other's
/// copy is further; its tags come in addition, its name and its note here are kept. Merging again
/// changes nothing. Two runs that happen to have one id both stay: the other's gets the next free
/// one. A sweep of the same identity is the same sweep. Throws as OtherDatabase does.
Merged merge(Store& store, const std::filesystem::path& other);

}  // namespace runner
