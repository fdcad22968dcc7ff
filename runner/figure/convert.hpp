#pragma once

#include <string>
#include <string_view>

namespace runner::figure {

enum class Format { png, pdf };

/// The picture in another format, `scale` times as large where that has pixels. By librsvg's
/// rsvg-convert: throws UserError where that is missing, std::runtime_error where it fails.
std::string convert(std::string_view svg, Format format, double scale);

}  // namespace runner::figure
