#pragma once

#include "runner/search/sampler.hpp"

namespace runner {

Point tpe_point(const Search& search, const Space& space, std::uint64_t key,
                std::span<const Observation> history);

}  // namespace runner
