#pragma once

#include "runner/launch/launcher.hpp"
#include "runner/protocol/channel.hpp"
#include "runner/protocol/fronts.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace runner {

// A run that Slurm, torchrun or mpirun has started is one `runner` for each rank. They meet at the
// one that has rank 0, and keep their connections: what fails in one place ends all of them.

/// What ends the waiting for others: asked whenever its descriptor is readable.
struct Interruption {
  int fd = -1;
  std::function<bool()> has_come;
  /// What the others are to hear: that the user wants to stop, or which rank has failed.
  std::function<std::variant<protocol::Left, protocol::Failed>()> last_word = [] {
    return protocol::Left{};
  };
};

/// After so long it is said what is waited for and why: variables left over in a shell make a
/// process wait for others that nobody has started.
constexpr std::chrono::seconds quiet_waiting{3};

/// "waiting up to 120 s for ranks 1, 2 of 3 ...".
std::string waiting_for(const std::string& whom, const Launch& launch, double timeout);

/// Another process of the run, as the first one knows it.
struct Member {
  std::unique_ptr<Channel> channel;
  int rank = 0;  ///< its first
  int ranks = 1;
  int launched_as = 0;  ///< its first rank before others were lost
  int node = 0;
  std::string host;
  std::string address;  ///< as the others reach it
};

/// All processes of a run but the first.
struct Circle {
  std::string address;  ///< of the first process's machine, as the others reach it
  std::vector<Member> members;
  int world_size = 1;
  int node = 0;  ///< of the first process
  /// Nodes that must be left for the run to go on without those that are lost; none: it needs all.
  std::optional<std::int64_t> least_nodes = {};
};

/// Waits until every other process has come to this one, but for the `absent` ranks, which are
/// lost: those that come are numbered anew, in the order in which they were launched. Throws
/// std::runtime_error where one has brought something else or is of another version, and when some
/// did not come within `timeout` seconds. All hear `told`. Empty when it was interrupted.
std::optional<Circle> gather(const Launch& launch, const protocol::Brought& mine,
                             const protocol::Told& told, double timeout,
                             const Interruption& interruption, const std::set<int>& absent = {});

/// What another process knows of the first.
struct Head {
  std::unique_ptr<Channel> channel;
  std::string address;     ///< as this process reaches it
  std::string my_address;  ///< as the others reach this process
  protocol::Told told;     ///< by the first process, to all
  int rank = 0;            ///< the first of this process; another than before where some are lost
  int world_size = 1;
};

/// Comes to the first process and waits until all are there. Throws std::runtime_error when it is
/// not found within `timeout` seconds, refuses `mine`, or goes away. Empty when this process or the
/// first was interrupted.
std::optional<Head> join(const Launch& launch, const protocol::Brought& mine, double timeout,
                         const Interruption& interruption);

}  // namespace runner
