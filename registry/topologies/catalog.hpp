#pragma once

#include "registry/catalog.hpp"
#include "registry/topologies/auto.hpp"
#include "registry/topologies/ddp.hpp"
#include "registry/topologies/single.hpp"
#include "registry/topologies/zero1.hpp"

namespace runner {

using Topologies =
    Catalog<Named<"auto", Auto>, Named<"single", Single>, Named<"ddp", Ddp>, Named<"zero1", Zero1>>;

}  // namespace runner
