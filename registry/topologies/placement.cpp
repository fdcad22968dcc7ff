#include "registry/topologies/placement.hpp"

#include "registry/topologies/catalog.hpp"

namespace runner {

Placement place(const Json& topology) {
  return Topologies::visit<Placement>(topology, [](const auto& options) { return place(options); });
}

}  // namespace runner
