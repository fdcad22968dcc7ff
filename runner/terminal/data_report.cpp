#include "runner/terminal/data_report.hpp"

#include "experiments/say.hpp"
#include "runner/terminal/number.hpp"
#include "runner/terminal/screen.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace runner {
namespace {

void show_bytes(const std::string& file, std::int64_t done, std::int64_t total) {
  const auto of_total =
      total > 0 ? fmt::format(" of {} ({} %)", bytes(total), 100 * done / total) : "";
  say("\r\033[2Kfetching {}: {}{}{}", file, bytes(done), of_total, done == total ? "\n" : "");
}

void show_end(const std::string& file, std::int64_t done, std::int64_t total) {
  if (done == total) say("fetched {}: {}\n", file, bytes(total));
}

void show_warning(const std::string& message) {
  const bool colour = takes_colours(stderr);
  say("{}runner: WARNING: {}{}\n", colour ? "\033[1;33m" : "", message, colour ? "\033[0m" : "");
}

}  // namespace

Preparation report_preparation(Verbosity verbosity) {
  if (verbosity != Verbosity::automatic) return {[](auto&&...) {}, show_warning};
  return {isatty(STDERR_FILENO) ? show_bytes : show_end, show_warning};
}

}  // namespace runner
