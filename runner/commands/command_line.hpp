#pragma once

#include <string>

namespace CLI {
class App;
}

namespace runner {

/// What is typed for a command: `runner sweep show`.
std::string command_line(const CLI::App& command);

}  // namespace runner
