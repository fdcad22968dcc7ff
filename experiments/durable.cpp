#include "experiments/durable.hpp"

#include "experiments/error.hpp"

#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

void synchronise(const fs::path& place) {
  const int fd = open(place.c_str(), O_RDONLY | O_CLOEXEC);
  int result = fd < 0 ? -1 : fsync(fd);
  while (fd >= 0 && result != 0 && errno == EINTR) result = fsync(fd);
  const int error = errno;
  if (fd >= 0) close(fd);
  // Of folders some file systems (SMB) do not know it.
  if (result != 0 && !(fd >= 0 && error == EINVAL))
    throw StoreError(fmt::format("cannot write {} to disk: {}", place.string(),
                                 std::generic_category().message(error)));
}

}  // namespace

void make_durable(const fs::path& place) {
  std::error_code error;
  if (fs::is_directory(place, error))
    for (const auto& entry : fs::directory_iterator(place)) make_durable(entry.path());
  synchronise(place);
}

void make_names_durable(const fs::path& folder) { synchronise(folder.empty() ? "." : folder); }

void make_durable_folder(const fs::path& folder) {
  std::error_code error;
  if (folder.empty() || fs::is_directory(folder, error)) return;
  make_durable_folder(folder.parent_path());
  const bool made = fs::create_directory(folder, error);
  if (error)
    throw StoreError(
        fmt::format("cannot create the folder {}: {}", folder.string(), error.message()));
  if (made) make_names_durable(folder.parent_path());
}

}  // namespace runner
