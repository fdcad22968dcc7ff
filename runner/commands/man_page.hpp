#pragma once

#include <string>

namespace CLI {
class App;
}

namespace runner {

/// The manual page of a command, or of the program itself, for `man`: from the same tree as the
/// help.
std::string man_page(const CLI::App& app);

/// `runner-sweep-show`
std::string man_name(const CLI::App& app);

}  // namespace runner
