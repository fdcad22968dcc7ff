#include "runner/terminal/bar_report.hpp"

#include "runner/terminal/letters.hpp"
#include "runner/terminal/screen.hpp"

#include <array>
#include <clocale>
#include <cstring>

#include <langinfo.h>

namespace runner {
namespace {

constexpr int bar_cells = 24;

bool speaks_utf8() {
  static const bool yes = [] {
    std::setlocale(LC_CTYPE, "");
    return std::strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
  }();
  return yes;
}

/// Eighths of a block where the terminal has them.
std::string draw_bar(double share) {
  if (!speaks_utf8()) {
    const auto full = static_cast<std::size_t>(share * bar_cells);
    return "[" + std::string(full, '#') + std::string(bar_cells - full, '.') + "]  ";
  }
  constexpr std::array eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int filled = static_cast<int>(share * bar_cells * 8);
  std::string bar;
  for (int i = 0; i < filled / 8; ++i) bar += "█";
  bar += eighths[static_cast<std::size_t>(filled % 8)];
  for (int i = (filled + 7) / 8; i < bar_cells; ++i) bar += "░";
  return bar + "  ";
}

}  // namespace

void BarReport::progress(const Heartbeat& heartbeat) {
  if (!is_training()) return;
  measure_rate(heartbeat);
  auto line = progress_line(heartbeat, draw_bar(epoch_share(heartbeat)));
  // A line that wraps could not be erased: a narrow terminal goes without the bar, a narrower one
  // without the end.
  const int width = terminal_width(stdout);
  if (width > 0 && display_width(line) >= width) line = progress_line(heartbeat);
  if (width > 0 && display_width(line) >= width) line.resize(static_cast<std::size_t>(width - 1));
  erase_bar();
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
  bar_shown_ = true;
}

void BarReport::erase_bar() {
  if (bar_shown_) std::fputs("\r\033[2K", stdout);
  bar_shown_ = false;
}

void BarReport::print(const std::string& text) {
  erase_bar();
  TextReport::print(text);
}

void BarReport::output(const std::string& line) {
  erase_bar();
  std::fflush(stdout);
  TextReport::output(line);
}

void BarReport::ended(const Outcome& outcome, const Heartbeat& heartbeat) {
  erase_bar();
  TextReport::ended(outcome, heartbeat);
}

}  // namespace runner
