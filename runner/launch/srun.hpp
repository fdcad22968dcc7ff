#pragma once

#include "registry/topologies/placement.hpp"
#include "runner/launch/environment.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace runner {

/// Whether this process is to start itself anew under srun: with topology.launcher=srun, unless
/// srun has done so already. The shell of `srun --pty` does start it.
bool calls_srun(const Placement& placement, const Environment& environment);

/// How srun treats tasks that end badly: all end with one, unless the run goes on with the nodes
/// that are left.
std::vector<std::string> srun_policy(bool outlives_nodes);

/// `srun ... EXECUTABLE ARGUMENTS...`. Inside an allocation srun takes its
/// counts, but for those of the placement; outside, srun makes an allocation of the placement's
/// nodes and devices, of one where it says nothing; for a range of nodes, salloc makes it.
std::vector<std::string> srun_command(const std::string& executable,
                                      const std::vector<std::string>& arguments,
                                      const Placement& placement, const Environment& environment);

/// Becomes that command, with this very executable, and with a file of a secret by which the ranks
/// know each other, in `folder`. Throws UserError where there is no srun.
[[noreturn]] void exec_srun(const std::vector<std::string>& arguments, const Placement& placement,
                            const std::filesystem::path& folder);

}  // namespace runner
