#pragma once

#include "runner/launch/environment.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace runner::doctor {

enum class Health { ok, warning, problem };

/// What was looked at, and what was found.
struct Check {
  std::string area, name;
  Health health = Health::ok;
  std::string found;
  std::string fix = {};  ///< the command that helps; empty where nothing has to be done
};

using Checks = std::vector<Check>;

/// Where to look: this machine, or what a test takes for one.
struct Place {
  Environment environment = process_environment();
  std::filesystem::path root = "/";  ///< of /proc, /sys and /dev
  std::optional<std::filesystem::path> database = {};
  std::string nvml = "libnvidia-ml.so.1";  ///< what the driver is asked by
};

// One area each, in the order in which they are printed.

Checks check_machine(const Place& place);
Checks check_worker();
Checks check_gpus(const Place& place);
Checks check_data(const Place& place);
Checks check_store(const Place& place);
Checks check_slurm(const Place& place);
Checks check_programs(const Place& place);

/// Who else may read or write what runs leave behind. Part of check_store.
Check check_permissions(const std::filesystem::path& database);

/// All of them. What throws has found a problem.
Checks check_everything(const Place& place);

}  // namespace runner::doctor
