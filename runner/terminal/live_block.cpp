#include "runner/terminal/live_block.hpp"

#include "runner/terminal/letters.hpp"
#include "runner/terminal/screen.hpp"

#include <algorithm>
#include <cstdio>
#include <sstream>

#include <fmt/format.h>

namespace runner {

void LiveBlock::show(const std::string& lines) {
  erase();
  std::fwrite(lines.data(), 1, lines.size(), stdout);
  std::fflush(stdout);
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) widths_.push_back(display_width(line));
}

void LiveBlock::erase() {
  const int columns = std::max(1, terminal_width(stdout));
  int rows = 0;
  for (const int width : widths_) rows += std::max(1, (width + columns - 1) / columns);
  if (rows > 0) std::fputs(fmt::format("\r\033[{}A\033[J", rows).c_str(), stdout);
  widths_.clear();
}

}  // namespace runner
