#include "runner/checkpoint/saver.hpp"

#include "experiments/permissions.hpp"
#include "registry/datasets/atomic_file.hpp"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

/// Where `to` is already there the two change places, so that at every moment a whole checkpoint
/// has its name. File systems that cannot do that (NFS) take two steps. Whatever else goes wrong
/// leaves `to` as it is.
void replace(const fs::path& from, const fs::path& to) {
  std::error_code ignored;
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) == 0) {
    fs::remove_all(from, ignored);
  } else {
    if (errno == EINVAL || errno == ENOSYS)
      fs::remove_all(to);
    else if (errno != ENOENT)
      throw fs::filesystem_error("cannot rename", from, to, {errno, std::generic_category()});
    fs::rename(from, to);
  }
  sync_folder(to.parent_path());
}

std::string key(const Snapshot& snapshot, int rank) {
  return fmt::format("saved/{}/{}", snapshot.step, rank);
}

}  // namespace

Saver::Saver(fs::path folder, const Ranks& ranks, bool sharded, Tell tell)
    : folder_(std::move(folder)),
      ranks_(ranks),
      sharded_(sharded),
      tell_(std::move(tell)),
      thread_([this] { work(); }) {}

Saver::~Saver() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Saver::save(Snapshot snapshot) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !busy_; });
  busy_ = true;
  waiting_ = std::move(snapshot);
  changed_.notify_all();
}

void Saver::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !busy_; });
}

void Saver::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return waiting_ || end_; });
    if (!waiting_) return;
    const auto snapshot = std::move(*waiting_);
    waiting_.reset();
    lock.unlock();
    write_and_tell(snapshot);
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

void Saver::write_and_tell(const Snapshot& snapshot) {
  const auto name = fmt::format("step-{}", snapshot.step);
  const auto unfinished = folder_ / (name + ".tmp");
  auto written = write_part(snapshot, unfinished);
  try {
    written = collect_parts(snapshot, std::move(written));
    if (ranks_.rank() != 0) return;
    if (!written.contains("error")) replace(unfinished, folder_ / name);
  } catch (const std::exception& error) {
    written["error"] = error.what();
  }
  if (written.contains("error")) {
    std::error_code ignored;
    fs::remove_all(unfinished, ignored);
    return tell_(
        {{"event", "not_saved"}, {"step", snapshot.step}, {"reason", written.at("error")}});
  }
  tell_({{"event", "saved"},
         {"step", snapshot.step},
         {"epoch", snapshot.epoch},
         {"folder", (folder_ / name).string()},
         {"measured", snapshot.measured},
         {"files", written.at("files")}});
}

/// {files: [{name, bytes, sha256}]}, or {error}.
Json Saver::write_part(const Snapshot& snapshot, const fs::path& folder) const {
  try {
    make_folder(folder);
    auto files = Json::array();
    for (const auto& file : snapshot.files) {
      const auto written = write(file, folder);
      files.push_back(
          {{"name", written.name}, {"bytes", written.bytes}, {"sha256", written.sha256}});
    }
    return {{"files", files}};
  } catch (const std::exception& error) {
    return {{"error", error.what()}};
  }
}

/// Rank 0 hears what the others have written; the others tell it.
Json Saver::collect_parts(const Snapshot& snapshot, Json mine) const {
  if (ranks_.rank() != 0) {
    ranks_.tell(key(snapshot, ranks_.rank()), mine.dump());
    return mine;
  }
  for (int rank = 1; sharded_ && rank < ranks_.size(); ++rank) {
    const auto part = Json::parse(ranks_.hear(key(snapshot, rank)));
    if (part.contains("error") && !mine.contains("error")) mine["error"] = part.at("error");
    if (part.contains("files") && mine.contains("files"))
      for (const auto& file : part.at("files")) mine["files"].push_back(file);
  }
  return mine;
}

}  // namespace runner
