#include "registry/datasets/text.hpp"

#include "registry/datasets/looks.hpp"
#include "registry/datasets/mapped_file.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::int64_t bytes_there_are = 256;

/// "file-00012": in the order of the recipe.
std::string role_of(std::size_t i) { return fmt::format("file-{:05}", i); }

Prepared find_texts(const Text& options) {
  std::map<std::string, std::string> files;
  for (std::size_t i = 0; i < options.files.size(); ++i) files[role_of(i)] = options.files[i];
  return prepare_own_files("text", files);
}

/// Of a window, the last byte is only a target.
std::int64_t windows_in(std::uintmax_t bytes, std::int64_t length) {
  return bytes == 0 ? 0 : (static_cast<std::int64_t>(bytes) - 1) / length;
}

SampleType type_of_windows(const Text& options, const Prepared& files) {
  std::int64_t windows = 0;
  std::uintmax_t bytes = 0;
  for (const auto& [role, path] : files.files) {
    const auto size = std::filesystem::file_size(path);
    windows += windows_in(size, options.length);
    bytes += size;
  }
  if (windows == 0)
    throw DataError(fmt::format("text: no file of these {} bytes is longer than length, {}", bytes,
                                options.length));
  return {{{"tokens", Meaning::tokens, DType::uint8, {options.length}, bytes_there_are},
           {"next", Meaning::classes, DType::uint8, {options.length}, bytes_there_are}},
          options.split.sizes("text", windows)};
}

std::shared_ptr<const SampleSource> map_windows(const std::filesystem::path& path,
                                                const Text& options) {
  const auto mapped = map_file(path);
  const std::vector<std::int64_t> shape{windows_in(mapped.bytes.size(), options.length),
                                        options.length};
  const auto* const bytes = mapped.bytes.data();
  return std::make_shared<ArraySource>(
      std::vector{Array{DType::uint8, shape, bytes, mapped.owner},
                  Array{DType::uint8, shape, bytes + 1, mapped.owner}});
}

}  // namespace

Prepared prepare(const Text& options, const Preparation&) { return find_texts(options); }

SampleType sample_type(const Text& options) {
  return type_of_windows(options, find_texts(options));
}

Dataset load(const Text& options, const Prepared& prepared) {
  refuse_changed_files(prepared);
  std::vector<std::shared_ptr<const SampleSource>> files;
  for (const auto& [role, path] : prepared.files)
    if (windows_in(std::filesystem::file_size(path), options.length) > 0)
      files.push_back(map_windows(path, options));
  auto type = type_of_windows(options, prepared);
  const auto all = files.size() == 1 ? files.front() : std::make_shared<JoinedSource>(files);
  return {type, cut_in_order(all, type.splits)};
}

}  // namespace runner
