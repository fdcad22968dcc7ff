#pragma once

#include <string>

namespace runner {

// Sockets that only processes of this machine can reach, by a name that no file has: it is gone
// with the process.

/// Throws std::runtime_error where another process has the name.
int listen_here(const std::string& name);

/// A connected socket, or -1 with `error` set: also where another user listens there.
int connect_here(const std::string& name, std::string& error);

/// Whether the kernel says that the process at the other end is this user's.
bool is_of_this_user(int fd);

}  // namespace runner
