#pragma once

#include "runner/terminal/report.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace runner {

/// What the commands that train have in common.
struct RunOptions {
  std::string subject;  ///< the recipe, or the run that goes on
  std::vector<std::string> overrides;
  std::optional<std::filesystem::path> database;
  bool quiet = false;
  bool json = false;

  Verbosity verbosity() const;
  /// "runner run recipes/mnist.yaml optimizer.lr=0.5", as the user typed it.
  std::string command(const std::string& name) const;
  /// The same again, as each task of a Slurm step gets it.
  std::vector<std::string> again(const std::string& name) const;
};

/// Adds the overrides, --db, --quiet and --json; `about_overrides` is their help.
void add_run_options(CLI::App& command, RunOptions& options, const std::string& about_overrides);

}  // namespace runner
