#pragma once

#include "registry/description.hpp"
#include "registry/models/network.hpp"
#include "registry/optimizers/groups.hpp"

namespace runner {

/// The network's layers, [{name, type, parameters, trainable, bytes}], in the order they were
/// registered.
Json summarise(const Network& network);

/// Groups of parameters, [{match, frozen, parameters, optimizer}]; empty where all are alike.
Json summarise(const std::vector<ParameterGroup>& groups);

}  // namespace runner
