#pragma once

#include <optional>
#include <string>

namespace runner {

/// What git says of the working directory.
struct GitState {
  std::string commit;  ///< of HEAD, in full
  bool dirty = false;  ///< tracked files differ from it
};

/// Empty outside a git work tree, before a first commit, and where there is no git.
std::optional<GitState> git_state();

}  // namespace runner
