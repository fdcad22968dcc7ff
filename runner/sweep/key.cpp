#include "runner/sweep/key.hpp"

#include "registry/datasets/digest.hpp"
#include "registry/datasets/mapped_file.hpp"
#include "runner/supervise/worker_process.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace runner {
namespace {

/// XXH3 with 128 bits: files are read at the speed of memory.
std::string hash_of_file(const std::filesystem::path& path) {
  const auto file = map_file(path);
  const auto hash = XXH3_128bits(file.bytes.data(), file.bytes.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace

const std::string& build_id() {
  static const auto id = hash_of_file(find_worker());
  return id;
}

std::string digest_of(const Prepared& data) {
  auto parts = data.dataset;
  for (const auto& [role, path] : data.files) parts += ' ' + role + ' ' + hash_of_file(path);
  return sha256(parts);
}

std::string trial_key(const Recipe& recipe, const std::string& data_digest) {
  // Its keys are sorted, so that the order in which fields are described means nothing.
  auto config = nlohmann::json::parse(recipe.config.dump());
  config.erase("name");
  return sha256(config.dump() + ' ' + build_id() + ' ' + data_digest);
}

}  // namespace runner
