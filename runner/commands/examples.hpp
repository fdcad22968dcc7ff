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

constexpr std::string_view exit_codes =
    "Exit codes: 0 done, 1 failed, 2 your mistake, 3 stopped early.";

/// Of a command, `list`; empty where it has none.
std::span<const Example> examples_of(std::string_view command);

/// The help of each command ends with its examples.
void add_examples(CLI::App& app);

}  // namespace runner
