#pragma once

#include "runner/complete/candidate.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace runner::complete {

/// What the last of the words behind `runner` can become: commands and options by the tree itself,
/// values by what an option is called.
Answer complete(const CLI::App& root, const std::vector<std::string>& words);

/// For a shell: a line for each, its meaning behind a tab; `:files` where files are right, too.
std::string to_lines(const Answer& answer);

}  // namespace runner::complete
