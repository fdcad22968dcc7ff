#pragma once

#include <string>

namespace runner {

/// What a shell command prints; empty when there is no such command.
std::string output_of(const std::string& command);

}  // namespace runner
