#pragma once

#include "registry/models/network.hpp"
#include "registry/optimizers/groups.hpp"
#include "runner/protocol/event.hpp"

namespace runner {

/// The network's layers, in the order they were registered.
std::vector<protocol::ModelLayer> summarise(const Network& network);

/// Groups of parameters; empty where all are alike.
std::vector<protocol::Group> summarise(const std::vector<ParameterGroup>& groups);

}  // namespace runner
