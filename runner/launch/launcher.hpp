#pragma once

#include "registry/topologies/placement.hpp"
#include "runner/launch/environment.hpp"
#include "runner/launch/meeting.hpp"
#include "runner/launch/visible_gpus.hpp"

#include <optional>
#include <string>

namespace runner {

/// How this process was started, and which ranks it is to run.
struct Launch {
  std::string launcher;  ///< "self", "slurm", "torchrun" or "mpi"
  std::string why;       ///< e.g. "SLURM_STEP_ID is set"; for the line at start
  int world_size = 1;    ///< ranks of the run
  int rank = 0;          ///< the first of this process
  int ranks_here = 1;    ///< how many this process starts
  int local_rank = 0;    ///< of the first, among the ranks of this node
  int node_ranks = 1;    ///< ranks on this node
  int node = 0;          ///< of `nodes`; a guess under mpi, which does not tell
  int nodes = 1;
  int gpus = 0;                       ///< that a process which starts every rank has for them
  int first_gpu = 0;                  ///< of this machine's, where other runs have those before
  int part = 0, parts = 1;            ///< of this machine's cores, beside other runs
  std::optional<int> cpus_per_rank;   ///< what the launcher says that each may use
  std::optional<Meeting> meeting;     ///< none when this process starts every rank
  std::optional<std::string> job_id;  ///< Slurm's
};

/// Finds out by whom this process was started: the placement's launcher, or, with `auto`, the first
/// of Open MPI, torchrun and a Slurm step of several tasks whose variables are set. Else it starts
/// every rank itself: as many as the placement has devices, else one for each of the `gpus` that
/// visible_gpus() gives.
///
/// Throws UserError, with both numbers, where the recipe's counts disagree with what was started;
/// for a launcher whose variables are missing or no numbers; in the shell of a batch script that
/// has more tasks than this one; and as find_secret() does.
Launch find_launch(const Placement& placement, const Environment& environment, int gpus);

/// Whether this process tells of mistakes: of several that one launcher has started, and that would
/// all say the same, the first.
bool speaks_for_all(const Environment& environment);

/// The same on as many GPUs as are left, at most; on CPUs nothing changes. Empty where none is
/// left.
std::optional<Launch> with_gpus_left(Launch launch, int gpus);

}  // namespace runner
