#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace runner {

struct ConfusionOptions {
  std::string run;
  std::optional<std::int64_t> step;
  std::optional<std::filesystem::path> database;
  bool json = false;
};

/// Draws the confusion matrix that an evaluation of a run found, the newest or that of a step.
int plot_confusion(const ConfusionOptions& options);

}  // namespace runner
