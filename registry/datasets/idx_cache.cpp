#include "registry/datasets/idx_cache.hpp"

#include "registry/datasets/atomic_file.hpp"
#include "registry/datasets/digest.hpp"
#include "registry/datasets/gzip.hpp"
#include "registry/datasets/idx.hpp"
#include "registry/datasets/mapped_file.hpp"
#include "registry/datasets/prepared.hpp"
#include "registry/datasets/variable.hpp"

#include <fmt/format.h>

namespace runner {
namespace {

std::string digest_problem(const IdxFile& file, std::string_view actual) {
  if (actual == file.sha256) return "";
  return fmt::format("not the published {}: sha256 {}; expected {}", file.role, actual,
                     file.sha256);
}

}  // namespace

std::filesystem::path cache_folder() {
  if (const auto own = variable("RUNNER_CACHE_DIR"); !own.empty())
    return std::filesystem::absolute(own);
  // The XDG specification asks to ignore a relative path.
  if (const auto xdg = variable("XDG_CACHE_HOME"); xdg.starts_with('/'))
    return std::filesystem::path(xdg) / "runner";
  if (const auto home = variable("HOME"); !home.empty())
    return std::filesystem::path(home) / ".cache" / "runner";
  throw DataError("no cache folder: none of RUNNER_CACHE_DIR, XDG_CACHE_HOME and HOME is set");
}

IdxCache::IdxCache(std::filesystem::path folder)
    : folder_(std::move(folder)), stamps_(folder_ / "checked") {}

std::string IdxCache::problem_of(const IdxFile& file, const std::filesystem::path& unpacked) const {
  if (stamps_.has(unpacked, file.sha256)) return "";
  const auto mapped = map_file(unpacked);
  auto problem = idx_problem(mapped.bytes, file.shape);
  if (problem.empty()) problem = digest_problem(file, sha256(mapped.bytes));
  mapped.check();
  if (problem.empty()) stamps_.add(unpacked, file.sha256);
  return problem;
}

void IdxCache::check(const IdxFile& file, const std::filesystem::path& path) const {
  if (const auto problem = problem_of(file, path); !problem.empty())
    throw DataError(fmt::format("{}: {}", path.string(), problem));
}

bool IdxCache::holds(const IdxFile& file) const {
  const auto path = path_of(file);
  return std::filesystem::is_regular_file(path) && problem_of(file, path).empty();
}

bool IdxCache::holds_content_of(const IdxFile& file, const std::filesystem::path& packed) const {
  return stamps_.has(packed, file.sha256) && holds(file);
}

std::string IdxCache::unpack(const IdxFile& file, const std::filesystem::path& packed) const {
  AtomicFile out(path_of(file));
  Sha256 digest;
  auto problem = unpack_gzip(packed, idx_size(file.shape), [&](std::span<const std::byte> piece) {
    digest.update(piece);
    out.write(piece);
  });
  if (problem.empty()) problem = idx_problem(map_file(out.path()).bytes, file.shape);
  if (problem.empty()) problem = digest_problem(file, digest.hex());
  if (!problem.empty()) return problem;
  out.commit();
  stamps_.add(path_of(file), file.sha256);
  return "";
}

void IdxCache::adopt(const IdxFile& file, const std::filesystem::path& packed) const {
  if (const auto problem = unpack(file, packed); !problem.empty())
    throw DataError(fmt::format("{}: {}", packed.string(), problem));
  stamps_.add(packed, file.sha256);
}

}  // namespace runner
