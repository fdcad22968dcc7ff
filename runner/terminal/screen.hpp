#pragma once

#include <cstdio>

namespace runner {

/// The terminal's width in columns; 0 when the stream is no terminal.
int terminal_width(std::FILE* stream);
/// Its lines; 0 when the stream is no terminal.
int terminal_height(std::FILE* stream);
/// The width for what has to have some: 80 where the stream is no terminal.
int drawing_width(std::FILE* stream);
/// Whether it is a terminal, and nobody has said NO_COLOR (no-color.org).
bool takes_colours(std::FILE* stream);

}  // namespace runner
