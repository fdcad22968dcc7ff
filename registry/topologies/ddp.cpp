#include "registry/topologies/ddp.hpp"

#include "registry/parallel/data_parallel.hpp"
#include "registry/parallel/mesh.hpp"

namespace runner {

std::unique_ptr<Strategy> build(const Ddp& options, Network& network, const Mesh& mesh) {
  return std::make_unique<DataParallel>(
      DataParallelOptions{options.exchange.bucket_mb, options.find_unused_parameters,
                          options.static_graph, options.gradient_as_bucket_view,
                          options.compression, options.exchange.sync_batchnorm},
      network, mesh.data());
}

}  // namespace runner
