#pragma once

#include "experiments/sqlite.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace runner {

/// Writes runs into a new SQLite store of MLflow's, as experiment `runner`: config as parameters,
/// every point of every metric, tags, note, status, times and the name. It has the schema of MLflow
/// 1.0, which every later MLflow brings up to its own when it opens the file.
void write_mlflow(const Database& database, const std::vector<std::string>& run_ids,
                  const std::vector<std::string>& metrics, const std::filesystem::path& to);

}  // namespace runner
