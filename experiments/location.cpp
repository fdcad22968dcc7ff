#include "experiments/location.hpp"

#include "experiments/error.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <sys/vfs.h>

namespace runner {
namespace fs = std::filesystem;
namespace {

const fs::path relative = fs::path(".runner") / "experiments.db";

std::optional<fs::path> nearest_upwards(fs::path folder) {
  for (;; folder = folder.parent_path()) {
    std::error_code ignored;
    if (fs::is_regular_file(folder / relative, ignored)) return folder / relative;
    if (folder == folder.root_path()) return {};
  }
}

fs::path folder_of(const fs::path& database) {
  return fs::absolute(database).parent_path().lexically_normal();
}

bool is_beneath(const fs::path& place, const fs::path& folder) {
  const auto rest = place.lexically_normal().lexically_relative(folder);
  return !rest.empty() && rest != "." && *rest.begin() != "..";
}

/// checkpoints/ID/step-3 of a whole path; empty when it has no such end.
fs::path within_folder(const fs::path& place) {
  fs::path end = place.filename();
  for (auto rest = place.parent_path(); rest.has_relative_path(); rest = rest.parent_path()) {
    end = rest.filename() / end;
    if (rest.filename() == "checkpoints" || rest.filename() == "logs") return end;
  }
  return {};
}

}  // namespace

fs::path find_database(const std::optional<fs::path>& flag) {
  if (flag && flag->empty()) throw UserError("--db is empty; expected the file of a database");
  if (flag) return fs::absolute(*flag);
  if (const char* variable = std::getenv("RUNNER_DB"); variable && *variable)
    return fs::absolute(variable);
  return nearest_upwards(fs::current_path()).value_or(fs::current_path() / relative);
}

std::filesystem::path logs_beside(const std::filesystem::path& database) {
  return database.parent_path() / "logs";
}

std::filesystem::path checkpoints_beside(const std::filesystem::path& database) {
  return database.parent_path() / "checkpoints";
}

std::filesystem::path scripts_beside(const std::filesystem::path& database) {
  return database.parent_path() / "slurm";
}

std::string stored_place(const fs::path& database, const fs::path& place) {
  const auto folder = folder_of(database);
  return is_beneath(place, folder) ? place.lexically_normal().lexically_relative(folder).string()
                                   : place.string();
}

fs::path place_of(const fs::path& database, const std::string& stored) {
  const fs::path place = stored;
  if (place.is_relative()) return folder_of(database) / place;
  const auto end = within_folder(place);
  std::error_code ignored;
  if (!end.empty() && fs::exists(folder_of(database) / end, ignored))
    return folder_of(database) / end;
  return place;
}

bool is_own(const fs::path& database, const fs::path& place) {
  const auto here = fs::absolute(database).lexically_normal();
  return is_beneath(place, checkpoints_beside(here)) || is_beneath(place, logs_beside(here));
}

bool is_network_filesystem(unsigned long type) {
  // From linux/magic.h and the file systems' own sources. FUSE may be local (ntfs-3g) or not
  // (sshfs); the slower journal is right on both.
  constexpr std::array network = {
      0x6969UL,      // NFS
      0x517BUL,      // SMB
      0xFF534D42UL,  // CIFS
      0xFE534D42UL,  // SMB2
      0x0BD00BD0UL,  // Lustre
      0x47504653UL,  // GPFS
      0x19830326UL,  // BeeGFS
      0xAAD7AAEAUL,  // PanFS
      0x00C36400UL,  // Ceph
      0x5346414FUL,  // AFS
      0x7461636FUL,  // OCFS2
      0x01161970UL,  // GFS2
      0x01021997UL,  // 9P
      0x65735546UL,  // FUSE
  };
  return std::ranges::find(network, type) != network.end();
}

bool on_network_filesystem(const fs::path& folder) {
  struct statfs information {};
  return statfs(folder.c_str(), &information) == 0 &&
         is_network_filesystem(static_cast<unsigned long>(information.f_type));
}

}  // namespace runner
