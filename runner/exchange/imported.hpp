#pragma once

#include "experiments/recorder.hpp"
#include "experiments/store.hpp"
#include "registry/description.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// A run that another program recorded. Its points stay in its files, which may be larger than the
/// memory.
struct Imported {
  using UsePoint = std::function<void(const SeriesPoint&)>;

  std::string name;
  std::filesystem::path origin;  ///< the folder with its files
  std::string format;            ///< "Lightning", "TensorBoard"
  std::string digest;            ///< of what was read: the same again is there already
  std::string config_text = {};  ///< as it was written
  std::string config_file = {};  ///< where its values come from
  Json config = Json::object();
  std::int64_t started = 0, ended = 0;
  std::vector<std::string> metrics = {};
  /// Reads the points, of series that are places in `metrics`. Throws UserError, maybe at the end,
  /// when the files are no longer those that were read before.
  std::function<void(const UsePoint&)> for_each_point = {};
  std::vector<std::string> warnings = {};  ///< what was there and is not taken as it is, and why
};

enum class ImportOutcome { came, updated, there };

struct ImportedRun {
  std::string id;
  ImportOutcome outcome;
  std::int64_t metrics = 0, points = 0;  ///< that the store has of it: one a metric and a step
  std::int64_t replaced = 0;             ///< points that a later one with the same step replaced
};

/// Gives each metric a name of its own that can be shown, and tells of that.
void settle_metrics(Imported& imported);

/// For files that have been written anew since they were first read.
[[noreturn]] void refuse_changed(const std::filesystem::path& folder);

/// Records it as a run that is done, whole or not at all. A folder that was imported before is
/// found again by its path: its run stays as it is when nothing has changed, and else gets what is
/// there now. Of values with the same path the last is kept; bytes that are no UTF-8 become U+FFFD.
ImportedRun record(Store& store, const Imported& imported, std::string_view command);

}  // namespace runner
