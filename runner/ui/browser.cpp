#include "runner/ui/browser.hpp"

#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

extern char** environ;

namespace runner::ui {
namespace {

bool has_screen() { return std::getenv("DISPLAY") || std::getenv("WAYLAND_DISPLAY"); }

/// A page that leads to the address; empty where it cannot be written. Some seconds later nobody
/// needs it, but nobody can say when the browser has read it: it goes with the token's end.
std::string write_page(const std::string& address) {
  auto name = (std::filesystem::temp_directory_path() / "runner-ui-XXXXXX.html").string();
  const int file = mkstemps(name.data(), 5);  // only the user can read it
  if (file < 0) return {};
  const auto page = fmt::format(
      "<!doctype html><meta http-equiv=\"refresh\" content=\"0; url={}\"><title>runner</title>\n",
      address);
  const bool is_written = write(file, page.data(), page.size()) == std::ssize(page);
  close(file);
  return is_written ? name : "";
}

}  // namespace

bool open_browser(const std::string& address) {
  if (!has_screen()) return false;
  auto page = write_page(address);
  if (page.empty()) return false;
  std::string program = "xdg-open";
  char* arguments[] = {program.data(), page.data(), nullptr};
  pid_t child = 0;
  return posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments, environ) == 0;
}

}  // namespace runner::ui
