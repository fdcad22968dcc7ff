#pragma once

#include "registry/description.hpp"
#include "registry/models/network.hpp"

namespace runner {

/// The network's layers, [{name, type, parameters, trainable, bytes}], in the order they were
/// registered.
Json summarise(const Network& network);

}  // namespace runner
