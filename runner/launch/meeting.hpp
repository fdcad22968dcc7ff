#pragma once

#include "runner/launch/secret.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// Where the processes of a run meet.
struct Meeting {
  std::string host;                  ///< of rank 0; a name or an address
  std::vector<std::uint16_t> ports;  ///< rank 0 listens on the first that is free; others try each
  std::string token;                 ///< what the run is called; no secret
  /// All are on this machine: they meet at a Unix socket, whose other end the kernel names.
  bool on_this_machine = false;
  Secret secret = {};
};

/// What the socket of those that meet on this machine is called; other users and runs have others.
std::string socket_name(const Meeting& meeting);

/// Eight ports that all who know the key derive alike. They lie in 20000..32767, below those that a
/// system hands out by itself; other keys mostly get others.
std::vector<std::uint16_t> ports_for(std::string_view key);

}  // namespace runner
