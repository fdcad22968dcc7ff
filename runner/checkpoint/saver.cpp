#include "runner/checkpoint/saver.hpp"

#include "experiments/json.hpp"
#include "experiments/permissions.hpp"
#include "registry/datasets/atomic_file.hpp"

#include <cerrno>
#include <cmath>
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

/// What a checkpoint has brought back may lack a number that was not finite.
ByName<double> numbers_of(const Json& measured) {
  ByName<double> numbers;
  for (const auto& [metric, value] : measured.items())
    numbers[metric] = to_number(value).value_or(std::nan(""));
  return numbers;
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
    if (written.error.empty()) replace(unfinished, folder_ / name);
  } catch (const std::exception& error) {
    written.error = error.what();
  }
  if (written.error.empty())
    return tell_(protocol::Saved{snapshot.step, snapshot.epoch, (folder_ / name).string(),
                                 numbers_of(snapshot.measured), written.files});
  std::error_code ignored;
  fs::remove_all(unfinished, ignored);
  tell_(protocol::NotSaved{snapshot.step, written.error});
}

WrittenPart Saver::write_part(const Snapshot& snapshot, const fs::path& folder) const try {
  make_folder(folder);
  WrittenPart part;
  for (const auto& file : snapshot.files) {
    const auto written = write(file, folder);
    part.files.push_back({written.name, written.bytes, written.sha256});
  }
  return part;
} catch (const std::exception& error) {
  return {{}, error.what()};
}

/// Rank 0 hears what the others have written; the others tell it.
WrittenPart Saver::collect_parts(const Snapshot& snapshot, WrittenPart mine) const {
  using Part = Wire<WrittenPart>;
  if (ranks_.rank() != 0) {
    ranks_.tell(key(snapshot, ranks_.rank()), Part::write(mine).dump());
    return mine;
  }
  for (int rank = 1; sharded_ && rank < ranks_.size(); ++rank) {
    const auto part = Part::read(Json::parse(ranks_.hear(key(snapshot, rank))));
    if (mine.error.empty()) mine.error = part.error;
    mine.files.insert(mine.files.end(), part.files.begin(), part.files.end());
  }
  return mine;
}

}  // namespace runner
