#pragma once

#include <span>
#include <string_view>

namespace CLI {
class App;
}

namespace runner {

/// A command line, and what it does.
struct Example {
  std::string_view line, about;
};

/// What a command's exit codes mean: `0 done, 1 failed ...`.
std::string_view exit_codes_of(std::string_view command);

/// Of a command, `list`; empty where it has none.
std::span<const Example> examples_of(std::string_view command);

/// The help of each command ends with its examples, its own footer, and its exit codes.
void add_examples(CLI::App& app);

}  // namespace runner
