#pragma once

#include "registry/catalog.hpp"
#include "registry/losses/cross_entropy.hpp"
#include "registry/losses/nll.hpp"

namespace runner {

using Losses = Catalog<Named<"nll", Nll>, Named<"cross_entropy", CrossEntropy>>;

}  // namespace runner
