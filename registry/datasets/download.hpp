#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

namespace runner {

/// Why an address gave nothing: "HTTP 404", "Couldn't resolve host name".
struct DownloadError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// When a server counts as down.
struct Patience {
  long connect_seconds = 10;
  long stall_seconds = 20;  ///< below 1,000 bytes per second for this long
};

struct Transfer {
  std::string address;  ///< http or https
  std::filesystem::path part;
  std::int64_t limit = 0;  ///< bytes; a server that sends more is cut off
  Patience patience;
  std::function<void(std::int64_t done_bytes, std::int64_t total_bytes)>
      progress;  ///< may be empty
};

/// Completes `part`: continues after the bytes that an earlier, broken transfer from this address
/// left there, or starts anew where the server cannot continue. A connection that breaks is taken
/// up again as long as it brings bytes, five times at most. Throws DownloadError, and leaves what
/// it got for the next call; std::system_error when the bytes cannot be written.
void download(const Transfer& transfer);

}  // namespace runner
