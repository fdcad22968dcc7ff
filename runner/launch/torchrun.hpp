#pragma once

#include "runner/launch/started.hpp"

#include <string>

namespace runner {

/// Whether the variables of torchrun are set, by it or by whoever speaks its language (Kubeflow's
/// PyTorchJob). RANK 0 of 1 without LOCAL_RANK is a machine of its own.
bool started_by_torchrun(const Environment& environment);

/// `because` begins the error for missing variables.
Started read_torchrun(const Environment& environment, const std::string& because);

}  // namespace runner
