#include "registry/datasets/idx_search.hpp"

#include "registry/datasets/digest.hpp"
#include "registry/datasets/idx.hpp"
#include "registry/datasets/input_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

/// The file in `folder`, unpacked before packed; empty when neither is there.
std::filesystem::path find(const std::filesystem::path& folder, const IdxFile& file) {
  std::error_code unreadable;
  for (const auto* const extension : {"", ".gz"}) {
    auto path = folder / (file.name + extension);
    if (std::filesystem::is_regular_file(path, unreadable)) return path;
  }
  return {};
}

void add_checked(Prepared& prepared, const IdxFile& file, const std::filesystem::path& path) {
  prepared.files[file.role] = path;
  prepared.contents[file.role] = "sha256:" + file.sha256;
  prepared.versions[file.role] = version_of(path);
}

/// A part belongs to its address: the mirrors' packed bytes differ.
std::filesystem::path part_of(const IdxCache& cache, const std::string& address) {
  return cache.folder() / (sha256(address).substr(0, 16) + ".part");
}

/// Gzip adds at most a few bytes per 16 KiB to what it cannot compress.
std::int64_t packed_limit(const IdxFile& file) {
  const auto size = idx_size(file.shape);
  return size + size / 1000 + 1024;
}

void remove_parts(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".part") std::filesystem::remove(entry.path());
}

}  // namespace

IdxSearch::IdxSearch(const IdxArchive& archive, const Preparation& preparation)
    : archive_(archive),
      preparation_(preparation),
      cache_(cache_folder() / "datasets" / archive.dataset) {}

std::nullopt_t IdxSearch::note(const std::string& place, const std::string& reason) {
  tried_.push_back(fmt::format("  {}: {}", place, reason));
  return std::nullopt;
}

std::optional<Prepared> IdxSearch::in_folder(const std::filesystem::path& folder) {
  Prepared prepared{archive_.dataset, folder.string(), {}};
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error))
    return note(folder, error ? error.message() : "not a folder");
  for (const auto& file : archive_.files) {
    prepared.files[file.role] = find(folder, file);
    if (prepared.files[file.role].empty())
      return note(folder, fmt::format("no {0} and no {0}.gz", file.name));
  }
  for (const auto& file : archive_.files)
    add_checked(prepared, file, unpacked(file, prepared.files[file.role]));
  return prepared;
}

std::optional<Prepared> IdxSearch::in_cache() {
  try {
    return in_folder(cache_.folder());
  } catch (const DataError& damage) {
    preparation_.warn(
        fmt::format("a cached file is damaged and is fetched again: {}", damage.what()));
    return note(cache_.folder(), "a damaged file");
  }
}

std::filesystem::path IdxSearch::unpacked(const IdxFile& file,
                                          const std::filesystem::path& found) const {
  if (found.extension() != ".gz") {
    cache_.check(file, found);
    return found;
  }
  if (cache_.holds_content_of(file, found)) return cache_.path_of(file);
  const auto alone = lock();
  if (!cache_.holds_content_of(file, found)) cache_.adopt(file, found);
  return cache_.path_of(file);
}

Prepared IdxSearch::from_mirrors(const std::vector<std::string>& mirrors) {
  Prepared prepared{archive_.dataset, cache_.folder().string(), {}};
  const auto alone = lock();
  auto mirror = mirrors.begin();
  for (const auto& file : archive_.files) {
    if (!cache_.holds(file)) {
      // A mirror that failed once is not asked again.
      while (mirror != mirrors.end() && !fetch(file, *mirror)) ++mirror;
      if (mirror == mirrors.end()) give_up();
      prepared.source = *mirror;
    }
    add_checked(prepared, file, cache_.path_of(file));
  }
  remove_parts(cache_.folder());
  return prepared;
}

bool IdxSearch::fetch(const IdxFile& file, const std::string& mirror) {
  const auto address = mirror + file.name + ".gz";
  const auto part = part_of(cache_, address);
  const bool resumed = std::filesystem::exists(part);
  auto problem = fetch_once(file, address, part);
  // The server's file may have changed since an earlier process began the part.
  const bool refused = !problem.empty() && !std::filesystem::exists(part);
  if (resumed && refused) problem = fetch_once(file, address, part);
  if (!problem.empty()) note(address, problem);
  return problem.empty();
}

std::string IdxSearch::fetch_once(const IdxFile& file, const std::string& address,
                                  const std::filesystem::path& part) const {
  Transfer transfer{address, part, packed_limit(file), archive_.patience, {}};
  if (preparation_.progress)
    transfer.progress = [&](std::int64_t done, std::int64_t total) {
      preparation_.progress(file.name + ".gz", done, total);
    };
  try {
    download(transfer);
  } catch (const DownloadError& error) {
    return error.what();
  }
  auto problem = cache_.unpack(file, part);
  std::filesystem::remove(part);
  return problem;
}

FolderLock IdxSearch::lock() const {
  return cache_.lock([&] {
    preparation_.warn(
        fmt::format("another process is preparing {}: waiting for it", archive_.dataset));
  });
}

void IdxSearch::give_up() const {
  throw DataUnavailable(fmt::format(
      "{0} is not on this machine and no mirror gave it. Tried:\n{1}\n"
      "Name a folder that has its four files, gzipped or not, by dataset.root, or put them in "
      "$RUNNER_DATA_DIR/{0}.",
      archive_.dataset, fmt::join(tried_, "\n")));
}

}  // namespace runner
