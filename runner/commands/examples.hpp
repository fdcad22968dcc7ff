#pragma once

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

/// Every help ends with the command's examples, what its footer said before, and its exit codes.
/// Called when all commands are there: a command takes its parent's footer over when it is added.
void add_footers(CLI::App& app);

}  // namespace runner
