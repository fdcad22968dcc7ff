#include "experiments/permissions.hpp"

#include "experiments/durable.hpp"
#include "experiments/error.hpp"

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

constexpr mode_t all = 0777, most_of_a_file = 0666, of_owner = 0700;

mode_t kept_from_others() {
  const char* variable = std::getenv("RUNNER_UMASK");
  if (!variable || !*variable) return 077;
  const std::string_view text = variable;
  mode_t mask = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mask, 8);
  if (error != std::errc() || end != text.data() + text.size() || mask > all || (mask & of_owner))
    throw UserError(fmt::format(
        "RUNNER_UMASK is '{}'; expected an octal number that leaves the owner everything: 077 "
        "(nobody else), 007 (a group, too), 022 (all may read)",
        text));
  return mask;
}

/// A folder's group may be one that what is made within inherits: that stays.
bool permit_folder(const fs::path& folder) {
  struct stat found {};
  if (stat(folder.c_str(), &found) != 0) return false;
  const mode_t wanted = (found.st_mode & (S_ISGID | S_ISVTX)) | folder_permissions();
  return (found.st_mode & 07777) == wanted || chmod(folder.c_str(), wanted) == 0;
}

std::error_code last_error() { return {errno, std::generic_category()}; }

}  // namespace

mode_t file_permissions() { return most_of_a_file & ~kept_from_others(); }

mode_t folder_permissions() { return all & ~kept_from_others(); }

void make_folder(const fs::path& folder, std::error_code& error) {
  error.clear();
  if (folder.empty() || fs::is_directory(folder, error)) return;
  make_folder(folder.parent_path(), error);
  if (error) return;
  if (mkdir(folder.c_str(), folder_permissions()) == 0) {
    if (!permit_folder(folder)) error = last_error();
    if (!error) make_names_durable(folder.parent_path(), error);
  } else if (const auto why = last_error(); !fs::is_directory(folder, error)) {
    error = why;  // else another process was faster
  }
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  make_folder(folder, error);
  if (error)
    throw StoreError(
        fmt::format("cannot create the folder {}: {}", folder.string(), error.message()));
}

bool make_file(const fs::path& file) {
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file_permissions());
  if (fd < 0) return false;
  fchmod(fd, file_permissions());  // which the umask may have kept it from
  close(fd);
  return true;
}

void set_permissions(const fs::path& folder, std::error_code& error) {
  if (!permit_folder(folder)) error = last_error();
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (entry.is_symlink()) continue;
    const bool done = entry.is_directory() ? permit_folder(entry.path())
                                           : chmod(entry.path().c_str(), file_permissions()) == 0;
    if (!done) error = last_error();
  }
}

}  // namespace runner
