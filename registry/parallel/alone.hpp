#pragma once

#include "registry/parallel/strategy.hpp"

#include <memory>

namespace runner {

/// One rank, whatever the topology.
std::unique_ptr<Strategy> train_alone(Network& network);

}  // namespace runner
