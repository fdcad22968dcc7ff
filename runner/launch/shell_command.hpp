#pragma once

#include <string>
#include <vector>

namespace runner {

/// The command as one would type it again: quoted where a shell needs it.
std::string shell_command(const std::vector<std::string>& arguments);

}  // namespace runner
