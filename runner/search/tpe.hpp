#pragma once

#include "runner/search/draws.hpp"
#include "runner/search/sampler.hpp"

namespace runner {

/// The most promising of `search.candidates` points, by a tree-structured Parzen estimator
/// (Bergstra et al. 2011) over all axes together (Falkner et al. 2018): one estimate of where the
/// good trials lie, from which the candidates are drawn, and one of where the others do. The point
/// with the largest ratio of the two has the largest expected improvement. Running trials count
/// among the others, so that suggestions at the same time keep apart. Needs one ended trial.
Point tpe_point(const Search& search, const Space& space, Draws draws,
                std::span<const Observation> history);

}  // namespace runner
