#include "experiments/permissions.hpp"

#include "experiments/location.hpp"
#include "runner/doctor/check.hpp"
#include "runner/launch/shell_command.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

namespace runner::doctor {
namespace {

namespace fs = std::filesystem;

mode_t mode_of(const fs::path& place) {
  struct stat found {};
  return lstat(place.c_str(), &found) == 0 ? found.st_mode : 0;
}

/// What others may do there and should not.
mode_t loose_bits(const fs::path& place) {
  const auto mode = mode_of(place);
  if (S_ISDIR(mode)) return mode & 0777 & ~folder_permissions();
  return S_ISREG(mode) ? mode & 0777 & ~file_permissions() : 0;
}

/// What a database and its runs leave in its folder; the folder, too, where it is theirs alone.
std::vector<fs::path> places_of(const fs::path& database) {
  std::vector<fs::path> places;
  if (database.parent_path().filename() == ".runner") places.push_back(database.parent_path());
  places.push_back(database);
  for (const auto* ending : {"-wal", "-shm", "-journal"})
    places.emplace_back(database.string() + ending);
  places.push_back(logs_beside(database));
  places.push_back(checkpoints_beside(database));
  return places;
}

std::vector<fs::path> loose_beneath(const fs::path& place) {
  std::vector<fs::path> loose;
  if (loose_bits(place) != 0) loose.push_back(place);
  std::error_code ignored;
  if (place.filename() == ".runner") return loose;  // what is in it is looked at by its name
  for (const auto& entry : fs::recursive_directory_iterator(place, ignored))
    if (loose_bits(entry.path()) != 0) loose.push_back(entry.path());
  return loose;
}

/// For chmod: go-rwx, or what else $RUNNER_UMASK keeps from others.
std::string taken_away() {
  const auto kept = 0777 & ~folder_permissions();
  const auto letters = [](mode_t bits) {
    return fmt::format("{}{}{}", bits & 4 ? "r" : "", bits & 2 ? "w" : "", bits & 1 ? "x" : "");
  };
  const auto group = letters(kept >> 3 & 7), others = letters(kept & 7);
  if (group == others) return "go-" + others;
  return group.empty() ? "o-" + others : fmt::format("g-{},o-{}", group, others);
}

/// A folder above in which anyone may put another one in the place of ours. Where only a thing's
/// owner may move it, as in /tmp, nobody can.
std::vector<fs::path> open_folders_above(const fs::path& database) {
  std::vector<fs::path> open;
  std::error_code ignored;
  for (auto folder = fs::weakly_canonical(database, ignored).parent_path(); folder.has_filename();
       folder = folder.parent_path())
    if (const auto mode = mode_of(folder); (mode & S_IWOTH) != 0 && (mode & S_ISVTX) == 0)
      open.push_back(folder);
  return open;
}

std::string quoted_for_shell(const std::vector<fs::path>& places) {
  std::vector<std::string> texts;
  for (const auto& place : places) texts.push_back(place.string());
  return shell_command(texts);
}

}  // namespace

Check check_permissions(const fs::path& database) {
  std::vector<fs::path> loose, roots;
  for (const auto& place : places_of(database)) {
    const auto found = loose_beneath(place);
    if (!found.empty()) roots.push_back(place);
    loose.insert(loose.end(), found.begin(), found.end());
  }
  std::vector<std::string> found, fixes;
  if (!loose.empty()) {
    found.push_back(
        fmt::format("open to others: {}{}", loose.front().string(),
                    loose.size() == 1 ? "" : fmt::format(" and {} more", loose.size() - 1)));
    if (roots.front().filename() == ".runner") roots.resize(1);  // all else is beneath it
    const bool deep = roots.size() > 1 || loose.size() > 1;
    fixes.push_back(
        fmt::format("chmod {}{} {}", deep ? "-R " : "", taken_away(), quoted_for_shell(roots)));
  }
  if (const auto open = open_folders_above(database); !open.empty()) {
    found.push_back(fmt::format("anyone may put another database in the place of this one, in {}",
                                open.front().string()));
    fixes.push_back("chmod o-w " + quoted_for_shell(open));
  }
  if (found.empty()) return {"store", "permissions", Health::ok, "nothing is open to others"};
  return {"store", "permissions", Health::warning, fmt::format("{}", fmt::join(found, "; ")),
          fmt::format("{}", fmt::join(fixes, " && "))};
}

}  // namespace runner::doctor
