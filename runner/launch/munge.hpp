#pragma once

#include <optional>
#include <string>

namespace runner {

// MUNGE, by which the machines of a Slurm cluster mostly know each other's users. Its library is
// opened when it is needed. $RUNNER_MUNGE_SOCKET is where its daemon listens, if not at its usual
// place.

/// Whether its daemon answers on this machine.
bool munge_answers();

/// A credential with the text in it, which this user alone can read, on any machine of the cluster;
/// none where munge does not answer.
std::optional<std::string> munge(const std::string& text);

/// The text of a credential that this user has made, once on each machine; none for any other.
std::optional<std::string> unmunge(const std::string& credential);

}  // namespace runner
