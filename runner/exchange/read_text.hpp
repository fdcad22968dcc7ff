#pragma once

#include <filesystem>
#include <string>

namespace runner {

/// A whole file. Throws UserError when it cannot be read.
std::string read_text(const std::filesystem::path& file);

}  // namespace runner
