#include "experiments/durable.hpp"

#include "experiments/error.hpp"

#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

std::error_code synchronised(const fs::path& place) {
  const int fd = open(place.c_str(), O_RDONLY | O_CLOEXEC);
  int result = fd < 0 ? -1 : fsync(fd);
  while (fd >= 0 && result != 0 && errno == EINTR) result = fsync(fd);
  const int error = errno;
  if (fd >= 0) close(fd);
  // Of folders some file systems (SMB) do not know it.
  if (result == 0 || (fd >= 0 && error == EINVAL)) return {};
  return {error, std::generic_category()};
}

void synchronise(const fs::path& place) {
  if (const auto error = synchronised(place))
    throw StoreError(fmt::format("cannot write {} to disk: {}", place.string(), error.message()));
}

}  // namespace

void make_durable(const fs::path& place) {
  std::error_code error;
  if (fs::is_directory(place, error))
    for (const auto& entry : fs::directory_iterator(place)) make_durable(entry.path());
  synchronise(place);
}

void make_names_durable(const fs::path& folder) { synchronise(folder.empty() ? "." : folder); }

void make_names_durable(const fs::path& folder, std::error_code& error) {
  error = synchronised(folder.empty() ? "." : folder);
}

}  // namespace runner
