#include "experiments/merge_files.hpp"

#include "experiments/folder_copy.hpp"
#include "experiments/location.hpp"

#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

std::int64_t copy_checkpoints(Store& store, const std::string& run_id) {
  const auto file = fs::absolute(store.database().file()).lexically_normal();
  std::int64_t copied = 0;
  for (const auto& checkpoint : store.checkpoints(run_id)) {
    if (is_own(file, checkpoint.folder) || !fs::exists(checkpoint.folder)) continue;
    const auto to = checkpoints_beside(file) / run_id / fmt::format("step-{}", checkpoint.step);
    FolderCopy copy(checkpoint.folder, to);
    // gc, which waits for the lock, sees no checkpoint that no run names yet.
    Transaction transaction(store.database());
    copy.appear();
    store.database()
        .prepare("UPDATE checkpoints SET folder = ?3 WHERE run_id = ?1 AND step = ?2")
        .with(run_id, checkpoint.step, stored_place(file, to))
        .run();
    transaction.commit();
    ++copied;
  }
  return copied;
}

std::optional<fs::path> logs_of(const Database& database, const std::string& run_id) {
  auto run = database.prepare("SELECT logs FROM runs WHERE id = ? AND logs IS NOT NULL");
  if (!run.with(run_id).step()) return std::nullopt;
  return place_of(database.file(), run.text(0));
}

void copy_logs(Store& store, const std::string& run_id) {
  const auto file = fs::absolute(store.database().file()).lexically_normal();
  const auto from = logs_of(store.database(), run_id);
  if (!from || is_own(file, *from) || !fs::exists(*from)) return;
  const auto to = logs_beside(file) / run_id;
  FolderCopy(*from, to).appear();
  store.set_logs(run_id, to.string());
}

}  // namespace

std::int64_t copy_merged_files(Store& store) {
  std::vector<std::string> ids;
  auto run = store.database().prepare("SELECT ours FROM temp.run_ids ORDER BY ours");
  while (run.step()) ids.push_back(run.text(0));
  std::int64_t copied = 0;
  for (const auto& id : ids) {
    copied += copy_checkpoints(store, id);
    copy_logs(store, id);
  }
  return copied;
}

}  // namespace runner
