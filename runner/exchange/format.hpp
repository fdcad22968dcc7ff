#pragma once

#include <filesystem>
#include <string>

namespace runner {

/// As what runs are exported.
enum class ExportFormat { weights, csv, json_lines, parquet, tensorboard, mlflow };

/// The format of that name, or without one that of the file's ending. Throws UserError, which says
/// what there is.
ExportFormat export_format(const std::string& name, const std::filesystem::path& to);

}  // namespace runner
