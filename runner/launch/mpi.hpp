#pragma once

#include "runner/launch/started.hpp"

#include <string>

namespace runner {

/// Whether Open MPI's mpirun started this process.
bool started_by_mpi(const Environment& environment);

/// `because` begins the error for missing variables. Throws UserError where nothing tells on which
/// machine rank 0 is.
Started read_mpi(const Environment& environment, const std::string& because);

}  // namespace runner
