#pragma once

#include <optional>
#include <string>

namespace runner {

/// What git says of the working directory.
struct GitState {
  std::string commit;  ///< of HEAD, in full
  bool dirty = false;  ///< tracked files differ from it
  std::string diff;    ///< by how much: at most the first megabyte of `git diff HEAD`
};

/// As it was when first asked for; empty outside a git work tree, before a first commit, and where
/// there is no git.
const std::optional<GitState>& git_state();

}  // namespace runner
