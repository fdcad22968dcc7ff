#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace runner {

/// A command line, and what it does.
struct Example {
  std::string_view line, about;
};

/// What the command's exit codes mean: `0 done, 1 failed ...`.
std::string_view exit_codes_of(const CLI::App& command);

/// Those of a command, and of the commands within it.
std::vector<Example> examples_of(const CLI::App& command);

/// What a command's help ends with: its examples, its own footer, and its exit codes.
std::string help_end(const CLI::App& command);

}  // namespace runner
