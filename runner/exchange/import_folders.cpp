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

}  // namespace

std::vector<RunFolder> find_run_folders(const fs::path& path) {
  if (!fs::exists(path)) throw UserError(fmt::format("there is no {}", path.string()));
  std::map<fs::path, RunFolder::Format> found;
  const auto add = [&](const fs::path& file) {
    // Lightning can write both; its CSV tells of epochs, too.
    if (const auto format = format_of(file); format)
      if (const auto place = found.emplace(fs::canonical(file).parent_path(), *format).first;
          *format == RunFolder::Format::lightning)
        place->second = *format;
  };
  if (fs::is_directory(path))
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) add(entry.path());
    }
  else
    add(path);
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
