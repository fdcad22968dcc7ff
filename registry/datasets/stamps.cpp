#include "registry/datasets/stamps.hpp"

#include "registry/datasets/digest.hpp"
#include "registry/datasets/idx_cache.hpp"
#include "registry/datasets/input_file.hpp"
#include "registry/datasets/prepared.hpp"

#include <fstream>
#include <string>

#include <fmt/format.h>

namespace runner {
namespace {

/// What a stamp must say about the file as it is now; "" when there is no such file.
std::string describe(const std::filesystem::path& file, std::string_view digest) {
  const auto version = version_of(file);
  return version.empty() ? "" : fmt::format("{} {} {}\n", digest, version, file.string());
}

std::filesystem::path stamp_of(const std::filesystem::path& folder,
                               const std::filesystem::path& file) {
  return folder / sha256(file.string()).substr(0, 16);
}

}  // namespace

std::optional<std::string> Stamps::find(const std::filesystem::path& file) const {
  std::ifstream stamp(stamp_of(folder_, file));
  const std::string text(std::istreambuf_iterator<char>(stamp), {});
  const auto digest = text.substr(0, text.find(' '));
  return !text.empty() && text == describe(file, digest) ? std::optional(digest) : std::nullopt;
}

bool Stamps::has(const std::filesystem::path& file, std::string_view digest) const {
  return find(file) == digest;
}

void Stamps::add(const std::filesystem::path& file, std::string_view digest) const {
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  std::ofstream(stamp_of(folder_, file)) << describe(file, digest);
}

std::string known_content_digest(const std::filesystem::path& file) try {
  const auto path = std::filesystem::absolute(file).lexically_normal();
  const Stamps stamps(cache_folder() / "checked");
  if (auto known = stamps.find(path)) return *known;
  auto digest = content_digest(path);
  stamps.add(path, digest);
  return digest;
} catch (const DataError&) {
  return content_digest(file);  // there is no cache
}

}  // namespace runner
