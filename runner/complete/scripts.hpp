#pragma once

#include <string_view>

namespace runner::complete {

/// What bash, zsh or fish reads to complete the words behind `runner`; it asks the hidden command
/// `runner complete` for everything.
std::string_view script_for(std::string_view shell);

}  // namespace runner::complete
