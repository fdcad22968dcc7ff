#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace runner {

/// What is said of an option that the chosen command does not have: the nearest one, or the value
/// of the recipe that was meant. `words` are the whole command line. Empty when no word is one.
std::string about_unknown_option(const CLI::App& app, const std::vector<std::string>& words);

}  // namespace runner
