#pragma once

#include "runner/recipe/node.hpp"
#include "runner/recipe/problems.hpp"
#include "runner/recipe/sweep_keys.hpp"

#include <optional>
#include <string>
#include <vector>

namespace runner {

/// A recipe file with what it `extends` below it and the arguments `path=value` laid over it, and
/// the environment's values put in; not yet checked against the registry.
struct Loaded {
  Node tree;                    ///< without what makes many runs of it
  std::string text;             ///< of the file itself
  SweepPart sweep;              ///< what makes many runs of it
  std::vector<Node> overrides;  ///< each argument as a tree, without its sweep part
};

/// Empty when a file cannot be read or is no YAML; the reasons go to `problems`.
std::optional<Loaded> load(const std::string& path, const std::vector<std::string>& overrides,
                           Problems& problems);

/// The same for a text that is no file, extends none and has no references; `name` stands for it in
/// messages.
std::optional<Loaded> load_text(const std::string& name, const std::string& text,
                                const std::vector<std::string>& overrides, Problems& problems);

}  // namespace runner
