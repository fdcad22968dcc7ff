#pragma once

#include "runner/launch/started.hpp"

#include <string>
#include <vector>

namespace runner {

/// Whether this is a task that srun started, alone or with others; not so the shells of `salloc`
/// and `sbatch`.
bool in_slurm_step(const Environment& environment);

/// The same, for a task that has others beside it.
bool started_by_slurm(const Environment& environment);

/// `because` begins the error for missing variables.
Started read_slurm(const Environment& environment, const std::string& because);

/// Throws UserError in the shell of a batch script whose job has more tasks than this one.
void refuse_batch_shell(const Environment& environment);

/// `2(x2),1` -> 2, 2, 1
std::vector<int> tasks_of_nodes(const Variable& list);

/// `node[1-3,7]` -> node1
std::string first_host(const Variable& list);

}  // namespace runner
