#include "registry/datasets/datasets.hpp"
#include "registry/datasets/idx_cache.hpp"
#include "registry/kinds.hpp"
#include "runner/doctor/check.hpp"
#include "runner/doctor/read.hpp"
#include "runner/launch/shell_command.hpp"
#include "runner/terminal/number.hpp"

#include <fmt/format.h>

namespace runner::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t little = 2'000'000'000;

/// The user's own data are read only.
Check data_folder(const Place& place) {
  const auto folder = find_variable(place.environment, {"RUNNER_DATA_DIR"});
  if (!folder) return {"data", "RUNNER_DATA_DIR", Health::ok, "not set"};
  std::error_code unreadable;
  const fs::directory_iterator entries(folder->value, unreadable);
  if (!unreadable) return {"data", "RUNNER_DATA_DIR", Health::ok, folder->value};
  return {"data", "RUNNER_DATA_DIR", Health::problem,
          fmt::format("{}: {}", folder->value, unreadable.message()),
          "export RUNNER_DATA_DIR=FOLDER"};
}

Check cache() {
  const auto folder = cache_folder();
  const auto space = free_space(folder);
  if (!may_write(folder))
    return {"data", "cache", Health::problem, fmt::format("{} cannot be written", folder.string()),
            fmt::format("chmod u+rwx {}    (or: export RUNNER_CACHE_DIR=FOLDER)",
                        shell_command({existing(folder).string()}))};
  auto text = fmt::format("{}, {} free", folder.string(), space ? bytes(*space) : "?");
  if (!space || *space >= little) return {"data", "cache", Health::ok, text};
  return {"data", "cache", Health::warning, text, "export RUNNER_CACHE_DIR=FOLDER"};
}

/// Those that are made up need no files, and have no root.
Check dataset(const ComponentDescription& description) {
  const auto& name = description.name;
  if (!description.find("root")) return {"data", name, Health::ok, "is computed"};
  Preparation look;
  look.fetches = false;
  try {
    return {"data", name, Health::ok, prepare_dataset({{"name", name}}, look).source};
  } catch (const DataUnavailable&) {
    return {"data", name, Health::ok, "not here: the first run that needs it fetches it"};
  } catch (const fs::filesystem_error& error) {
    return {"data", name, Health::problem,
            fmt::format("{}: {}", error.path1().string(), error.code().message()),
            "export RUNNER_CACHE_DIR=FOLDER"};
  } catch (const std::exception& error) {
    return {"data", name, Health::problem, error.what(), "rm the file, which is fetched again"};
  }
}

}  // namespace

Checks check_data(const Place& place) {
  Checks checks{data_folder(place), cache()};
  for (const auto& description : find_kind("dataset")->components)
    checks.push_back(dataset(description));
  return checks;
}

}  // namespace runner::doctor
