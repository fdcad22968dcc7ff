#pragma once

#include "registry/catalog.hpp"
#include "registry/topologies/auto.hpp"
#include "registry/topologies/single.hpp"

namespace runner {

using Topologies = Catalog<Named<"auto", Auto>, Named<"single", Single>>;

}  // namespace runner
