#include "runner/exchange/import_folders.hpp"

#include "experiments/error.hpp"
#include "runner/exchange/lightning.hpp"
#include "runner/exchange/tensorboard_import.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

std::optional<RunFolder::Format> format_of(const fs::path& file) {
  const auto name = file.filename().string();
  if (name == "metrics.csv") return RunFolder::Format::lightning;
  // TensorBoard itself reads what has this in its name.
  if (name.find("tfevents") != name.npos) return RunFolder::Format::tensorboard;
  return std::nullopt;
}

using Found = std::map<fs::path, RunFolder::Format>;

/// Lightning can write both; its CSV tells of epochs, too.
void add(const fs::path& file, Found& found) {
  const auto format = format_of(file);
  if (!format) return;
  const auto place = found.emplace(fs::canonical(file).parent_path(), *format).first;
  if (*format == RunFolder::Format::lightning) place->second = *format;
}

void search(const fs::path& folder, Found& found, const Warn& warn) {
  std::error_code error, none;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (entry->is_regular_file(none))
      add(entry->path(), found);
    else if (entry->is_directory(none) && !entry->is_symlink(none))
      search(entry->path(), found, warn);
  }
  if (error) warn(fmt::format("cannot read {}: {}", folder.string(), error.message()));
}

}  // namespace

std::vector<RunFolder> find_run_folders(const fs::path& path, const Warn& warn) {
  std::error_code error;
  if (!fs::exists(path, error)) throw UserError(fmt::format("there is no {}", path.string()));
  Found found;
  if (fs::is_directory(path, error))
    search(path, found, warn);
  else
    add(path, found);
  if (found.empty())
    throw UserError(
        fmt::format("{} has nothing to import; expected Lightning's metrics.csv, or files of "
                    "TensorBoard with 'tfevents' in their names",
                    path.string()));
  std::vector<RunFolder> folders;
  for (const auto& [folder, format] : found) folders.push_back({folder, format});
  return folders;
}

Imported read_run_folder(const RunFolder& folder) {
  auto imported = folder.format == RunFolder::Format::lightning ? read_lightning(folder.path)
                                                                : read_tensorboard(folder.path);
  imported.origin = folder.path;
  if (imported.name.empty()) imported.name = name_of_folder(folder.path);
  return imported;
}

std::string name_of_folder(const fs::path& folder) {
  const auto name = folder.filename().string();
  return name.starts_with("version_") && folder.has_parent_path()
             ? fmt::format("{}/{}", folder.parent_path().filename().string(), name)
             : name;
}

}  // namespace runner
