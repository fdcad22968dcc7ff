#include "registry/datasets/looks.hpp"

#include "registry/datasets/atomic_file.hpp"
#include "registry/datasets/digest.hpp"
#include "registry/datasets/idx_cache.hpp"
#include "registry/datasets/input_file.hpp"
#include "registry/datasets/stamps.hpp"
#include "registry/datasets/variable.hpp"
#include "registry/transforms/scaling.hpp"

#include <fstream>
#include <mutex>
#include <optional>

#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

/// YAML leaves '~/' to us: no shell has seen it.
fs::path absolute_path(const std::string& path) {
  const auto home = variable("HOME");
  if (!home.empty() && path.starts_with("~/")) return fs::path(home) / path.substr(2);
  return fs::absolute(path).lexically_normal();
}

/// To be changed when what is seen in the same files changes.
constexpr int version_of_looks = 1;

std::string question(const Prepared& files, const Json& options) {
  return Json{{"version", version_of_looks},
              {"dataset", files.dataset},
              {"options", options},
              {"contents", files.contents}}
      .dump();
}

std::optional<SampleType> remembered(const fs::path& answer) {
  std::ifstream in(answer);
  if (!in) return std::nullopt;
  const auto json = Json::parse(in, nullptr, false);
  try {
    return sample_type_from_json(json);
  } catch (const std::exception&) {
    return std::nullopt;  // a damaged file is as good as none
  }
}

void remember(const fs::path& answer, const SampleType& type) try {
  make_folders(answer.parent_path());
  AtomicFile file(answer);
  const auto text = to_json(type).dump();
  file.write(std::as_bytes(std::span(text)));
  file.commit();
} catch (const std::exception&) {
  // A cache that cannot be written costs another look the next time.
}

std::optional<fs::path> answer_to(const std::string& question) try {
  return cache_folder() / "looks" / sha256(question).substr(0, 32);
} catch (const DataError&) {
  return std::nullopt;  // there is no cache
}

}  // namespace

Prepared prepare_own_files(const std::string& dataset,
                           const std::map<std::string, std::string>& files) {
  Prepared prepared{dataset, "", {}};
  for (const auto& [role, name] : files) {
    const auto path = absolute_path(name);
    std::error_code error;
    if (!fs::exists(path, error))
      throw DataUnavailable(fmt::format("{}: {}: no such file", dataset, name));
    try {
      prepared.contents[role] = known_content_digest(path);
    } catch (const std::exception& reason) {
      throw DataError(fmt::format("{}: {}", dataset, reason.what()));
    }
    prepared.files[role] = path;
    prepared.versions[role] = version_of(path);
    prepared.source += (prepared.source.empty() ? "" : ", ") + name;
  }
  return prepared;
}

void refuse_changed_files(const Prepared& prepared) {
  for (const auto& [role, path] : prepared.files)
    if (version_of(path) != prepared.versions.at(role))
      throw DataError(
          fmt::format("{}: {} has changed since the run began", prepared.dataset, path.string()));
}

SampleType look_once(const Prepared& files, const Json& options,
                     const std::function<SampleType()>& look) {
  static std::mutex mutex;
  static std::map<std::string, SampleType> seen;
  const std::lock_guard lock(mutex);
  const auto asked = question(files, options);
  if (const auto found = seen.find(asked); found != seen.end()) return found->second;
  const auto answer = answer_to(asked);
  auto type = answer ? remembered(*answer) : std::nullopt;
  if (!type) {
    type = look();
    if (answer) remember(*answer, *type);
  }
  return seen.emplace(asked, *type).first->second;
}

void refuse_unfit_transforms(const std::string& dataset, const SampleType& type,
                             const Json& transforms) {
  try {
    scaling_of(*type.input(), transforms);
  } catch (const std::invalid_argument& error) {
    throw DataError(fmt::format("{}: transforms: {}", dataset, error.what()));
  }
}

}  // namespace runner
