#pragma once

#include <string>

namespace CLI {
class Option;
}

namespace runner {

/// What stands for an option's value in the help and in manual pages, after a blank: ` FILE`,
/// ` {min,max}`, ` INT in [1 - 100]=10`, ` RUN ...`; empty for a flag.
std::string value_text(const CLI::Option& option);

}  // namespace runner
