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
  std::string name;  ///< what its run is called, unless its files say it
};

/// Hears of what is passed by.
using Warn = std::function<void(const std::string&)>;

/// The runs in folders and in those below them, in the order of their paths; a file stands for its
/// folder. They are named as TensorBoard does: by their path from the folder that was given, or
/// that is common to those that were given; with that folder's name before it where it has a run
/// itself, and with the name of the folder before `version_0`. A folder that cannot be read is
/// passed by. Throws UserError for a path without a run.
std::vector<RunFolder> find_run_folders(
    const std::vector<std::filesystem::path>& paths, const Warn& warn = [](const std::string&) {});

Imported read_run_folder(const RunFolder& folder);

}  // namespace runner
