#include "runner/terminal/screen.hpp"

#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

namespace runner {
namespace {

/// Zeros when the stream is no terminal.
winsize size_of(std::FILE* stream) {
  winsize size{};
  const int descriptor = fileno(stream);
  const bool known = isatty(descriptor) && ioctl(descriptor, TIOCGWINSZ, &size) == 0;
  return known ? size : winsize{};
}

}  // namespace

int terminal_width(std::FILE* stream) { return size_of(stream).ws_col; }

int terminal_height(std::FILE* stream) { return size_of(stream).ws_row; }

int drawing_width(std::FILE* stream) {
  constexpr int usual = 80;
  const int width = terminal_width(stream);
  return width > 0 ? width : usual;
}

bool takes_colours(std::FILE* stream) {
  const auto* refused = std::getenv("NO_COLOR");
  return isatty(fileno(stream)) && (!refused || *refused == '\0');
}

}  // namespace runner
