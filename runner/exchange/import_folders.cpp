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

/// The folder that a path means.
fs::path folder_of(const fs::path& path) {
  const auto canonical = fs::canonical(path);
  return fs::is_directory(canonical) ? canonical : canonical.parent_path();
}

fs::path common_folder(const fs::path& a, const fs::path& b) {
  fs::path common;
  const auto [end, _] = std::ranges::mismatch(a, b);
  for (auto part = a.begin(); part != end; ++part) common /= *part;
  return common;
}

std::string name_below(const fs::path& base, const fs::path& folder) {
  const auto name = folder.lexically_relative(base);
  const bool is_version = name.string().starts_with("version_");
  return is_version ? (base.filename() / name).string() : name.string();
}

Found find_in(const fs::path& path, const Warn& warn) {
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
  return found;
}

}  // namespace

std::vector<RunFolder> find_run_folders(const std::vector<fs::path>& paths, const Warn& warn) {
  Found found;
  fs::path base;
  for (const auto& path : paths) {
    found.merge(find_in(path, warn));
    base = base.empty() ? folder_of(path) : common_folder(base, folder_of(path));
  }
  if (found.contains(base)) base = base.parent_path();
  std::vector<RunFolder> folders;
  for (const auto& [folder, format] : found)
    folders.push_back({folder, format, name_below(base, folder)});
  return folders;
}

Imported read_run_folder(const RunFolder& folder) {
  auto imported = folder.format == RunFolder::Format::lightning ? read_lightning(folder.path)
                                                                : read_tensorboard(folder.path);
  imported.origin = folder.path;
  if (imported.name.empty()) imported.name = folder.name;
  settle_metrics(imported);
  return imported;
}

}  // namespace runner
