#include "runner/train/cores.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include <hwloc.h>

namespace runner {
namespace {

struct FreeTopology {
  void operator()(hwloc_topology* topology) const { hwloc_topology_destroy(topology); }
};
using Topology = std::unique_ptr<hwloc_topology, FreeTopology>;

/// Of the cores that this process may use.
Topology load_topology() {
  hwloc_topology_t topology = nullptr;
  if (hwloc_topology_init(&topology) != 0) return nullptr;
  Topology owner(topology);
  if (hwloc_topology_load(topology) != 0) return nullptr;
  hwloc_cpuset_t allowed = hwloc_bitmap_alloc();
  if (hwloc_get_cpubind(topology, allowed, HWLOC_CPUBIND_PROCESS) == 0)
    hwloc_topology_restrict(topology, allowed, 0);
  hwloc_bitmap_free(allowed);
  return owner;
}

}  // namespace

int bind_to_cores(int index, int count) {
  const auto topology = load_topology();
  if (!topology) return 1;
  if (hwloc_get_nbobjs_by_type(topology.get(), HWLOC_OBJ_CORE) < count) return 1;
  std::vector<hwloc_cpuset_t> parts(static_cast<std::size_t>(count));
  hwloc_obj_t root = hwloc_get_root_obj(topology.get());
  hwloc_distrib(topology.get(), &root, 1, parts.data(), static_cast<unsigned>(count),
                hwloc_topology_get_depth(topology.get()), 0);
  auto* part = parts[static_cast<std::size_t>(index)];
  const int cores = hwloc_get_nbobjs_inside_cpuset_by_type(topology.get(), part, HWLOC_OBJ_CORE);
  hwloc_set_cpubind(topology.get(), part, HWLOC_CPUBIND_PROCESS);
  for (auto* each : parts) hwloc_bitmap_free(each);
  return std::max(1, cores);
}

}  // namespace runner
