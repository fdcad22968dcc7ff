#include "registry/kinds.hpp"
#include "registry/topologies/catalog.hpp"

namespace runner {

Kind topology_kind() {
  return {"topology", "the processes and devices of a run", "auto", Topologies::describe()};
}

}  // namespace runner
