#pragma once

#include <memory>
#include <string>

namespace runner {

/// Text that a user wrote: a recipe file, or one `path=value` argument of the command line.
struct Source {
  std::string name;  ///< the file's path, or the whole argument
  std::string text;
  bool is_argument = false;
  bool is_shown = true;  ///< whether a message about a line shows it
};

/// A position in a source; line and column count from 1. Without a source: a default.
struct Place {
  std::shared_ptr<const Source> source;
  int line = 1;
  int column = 1;
};

/// Where a value came from, for the user and the store: "recipes/mnist.yaml:12:30", "argument
/// train.epochs=1" or "default".
std::string describe(const Place& place);

/// A whole file as a source. Throws std::runtime_error when it cannot be read or is larger than a
/// recipe may be.
std::shared_ptr<Source> read_source(const std::string& path);

}  // namespace runner
