#include "runner/sweep/key.hpp"

#include "registry/datasets/digest.hpp"
#include "runner/supervise/worker_process.hpp"

#include <nlohmann/json.hpp>

namespace runner {
namespace {

std::string hash_of_file(const std::filesystem::path& path) {
  const auto digest = content_digest(path);
  return digest.substr(digest.find(':') + 1);
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
  for (const auto* without_effect : {"name", "record"}) config.erase(without_effect);
  return sha256(config.dump() + ' ' + build_id() + ' ' + data_digest);
}

}  // namespace runner
