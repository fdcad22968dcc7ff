#include "runner/record/checkpoints.hpp"

#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/removal.hpp"
#include "registry/datasets/digest.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

/// From here on less is better. What is NaN or infinite cannot be judged.
std::optional<double> badness(const Checkpoint& checkpoint, const KeepBest& best) {
  const auto value = measured(checkpoint, best.metric);
  if (!value || !std::isfinite(*value)) return std::nullopt;
  return best.goal() == Goal::smaller ? *value : -*value;
}

/// The best first; those that cannot be judged are left out.
std::vector<Checkpoint> by_badness(std::vector<Checkpoint> all, const KeepBest& best) {
  std::erase_if(all, [&](const auto& each) { return !badness(each, best); });
  std::stable_sort(all.begin(), all.end(), [&](const auto& a, const auto& b) {
    return *badness(a, best) < *badness(b, best);
  });
  return all;
}

/// On disk before the files go: after a power cut no row names what is not there.
void forget(Store& store, const std::string& run_id, const std::vector<Checkpoint>& needless) {
  store.database().set_durable(true);
  Transaction transaction(store.database());
  for (const auto& checkpoint : needless) store.forget_checkpoint(run_id, checkpoint.step);
  transaction.commit();
  store.database().set_durable(false);
}

}  // namespace

std::optional<double> measured(const Checkpoint& checkpoint, const std::string& metric) {
  const auto all = Json::parse(checkpoint.measured);
  const auto found = all.find(metric);
  return found == all.end() ? std::nullopt : to_number(*found);
}

std::string damage(const Checkpoint& checkpoint) {
  for (const auto& file : Json::parse(checkpoint.files)) {
    const auto path = fs::path(checkpoint.folder) / file.at("name").get<std::string>();
    try {
      if (sha256_of_file(path) != file.at("sha256"))
        return fmt::format("{} is not what was written", path.string());
    } catch (const std::exception& error) {
      return error.what();
    }
  }
  return "";
}

std::optional<Checkpoint> newest_whole(Store& store, const std::string& run_id, const Warn& warn) {
  for (auto& checkpoint : store.checkpoints(run_id)) {
    const auto reason = damage(checkpoint);
    if (reason.empty()) return std::move(checkpoint);
    warn(fmt::format("the checkpoint of step {} is of no use: {}", checkpoint.step, reason));
  }
  return std::nullopt;
}

std::optional<Checkpoint> best_of(const std::vector<Checkpoint>& all, const Save& options) {
  auto ranked = by_badness(all, options.keep_best);
  return ranked.empty() ? std::nullopt : std::optional(std::move(ranked.front()));
}

void delete_needless(Store& store, const std::string& run_id, const Save& options) {
  const auto all = store.checkpoints(run_id);
  std::set<std::int64_t> kept;
  const auto keep = [&](const std::vector<Checkpoint>& ranked, std::int64_t count) {
    for (const auto& checkpoint : ranked)
      if (count-- > 0) kept.insert(checkpoint.step);
  };
  keep(all, options.keep_last);
  keep(by_badness(all, options.keep_best), options.keep_best.n);
  std::vector<Checkpoint> needless;
  for (const auto& checkpoint : all)
    if (!kept.contains(checkpoint.step)) needless.push_back(checkpoint);
  if (needless.empty()) return;
  forget(store, run_id, needless);
  std::error_code ignored;
  for (const auto& checkpoint : needless)
    // One that was merged from another database is that one's.
    if (is_own(store.database().file(), checkpoint.folder))
      fs::remove_all(checkpoint.folder, ignored);
}

void delete_leftovers(Store& store, const std::string& run_id, const fs::path& folder) {
  std::set<fs::path> known;
  for (const auto& checkpoint : store.checkpoints(run_id)) known.insert(checkpoint.folder);
  std::error_code ignored;
  std::vector<fs::path> leftovers;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (is_checkpoint(entry.path()) && !known.contains(entry.path()))
      leftovers.push_back(entry.path());
  for (const auto& each : leftovers) fs::remove_all(each, ignored);
}

}  // namespace runner
