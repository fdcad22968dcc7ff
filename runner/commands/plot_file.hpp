#pragma once

#include "runner/figure/figure.hpp"

#include <filesystem>

namespace runner {

/// Throws UserError unless the file's ending is a format that figures are written in, its folder is
/// there, and it is not, or may be overwritten.
void refuse_to_write(const std::filesystem::path& file, bool overwrite);

/// Writes it whole or not at all, and says so.
void write_figure(const std::filesystem::path& file, const figure::Figure& figure);

}  // namespace runner
