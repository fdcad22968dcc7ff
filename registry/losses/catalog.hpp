#pragma once

#include "registry/catalog.hpp"
#include "registry/losses/cross_entropy.hpp"
#include "registry/losses/huber.hpp"
#include "registry/losses/l1.hpp"
#include "registry/losses/mse.hpp"
#include "registry/losses/nll.hpp"
#include "registry/losses/smooth_l1.hpp"

namespace runner {

using Losses = Catalog<Named<"nll", Nll>, Named<"cross_entropy", CrossEntropy>, Named<"mse", Mse>,
                       Named<"l1", L1>, Named<"smooth_l1", SmoothL1>, Named<"huber", Huber>>;

}  // namespace runner
