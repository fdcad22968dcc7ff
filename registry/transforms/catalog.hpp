#pragma once

#include "registry/catalog.hpp"
#include "registry/transforms/normalise.hpp"

namespace runner {

using Transforms = Catalog<Named<"normalise", Normalise>>;

}  // namespace runner
