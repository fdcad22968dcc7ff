#pragma once

#include "runner/exchange/imported.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace runner {

/// A folder with one run's files.
struct RunFolder {
  enum class Format { lightning, tensorboard };
  std::filesystem::path path;
  Format format;
};

/// Hears of what is passed by.
using Warn = std::function<void(const std::string&)>;

/// The runs in a folder and in those below it, in the order of their paths; a file stands for its
/// folder. A folder that cannot be read is passed by. Throws UserError when there are no runs.
std::vector<RunFolder> find_run_folders(
    const std::filesystem::path& path, const Warn& warn = [](const std::string&) {});

Imported read_run_folder(const RunFolder& folder);

/// What a run is called that has no name: that of its folder, or `mnist/version_0`.
std::string name_of_folder(const std::filesystem::path& folder);

}  // namespace runner
