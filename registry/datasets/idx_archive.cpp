#include "registry/datasets/idx_archive.hpp"

#include "registry/datasets/idx.hpp"
#include "registry/datasets/idx_search.hpp"
#include "registry/datasets/variable.hpp"
#include "registry/transforms/scaling.hpp"

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::int64_t classes = 10;

/// YAML leaves '~/' to us: no shell has seen it.
std::filesystem::path expand_home(const std::string& path) {
  const auto home = variable("HOME");
  if (!home.empty() && path.starts_with("~/")) return std::filesystem::path(home) / path.substr(2);
  return std::filesystem::absolute(path);
}

std::vector<std::string> mirrors_of(const IdxArchive& archive) {
  const auto own = variable("RUNNER_MIRROR");
  if (own.empty()) return archive.mirrors;
  return {fmt::format("{}/{}/", own, archive.dataset)};
}

std::optional<Prepared> in_data_dir(IdxSearch& search, const IdxArchive& archive) {
  if (const auto folder = variable("RUNNER_DATA_DIR"); !folder.empty())
    return search.in_folder(std::filesystem::absolute(folder) / archive.dataset);
  return search.note("$RUNNER_DATA_DIR/" + archive.dataset, "RUNNER_DATA_DIR is not set");
}

std::optional<Prepared> in_root(IdxSearch& search, const std::string& root,
                                const Preparation& preparation) {
  const auto folder = expand_home(root);
  auto prepared = search.in_folder(folder);
  if (!prepared)
    preparation.warn(
        fmt::format("dataset.root {}: not all files are there: looking further", root));
  return prepared;
}

std::shared_ptr<const SampleSource> map_split(const std::vector<IdxFile>& files,
                                              const Prepared& prepared, std::size_t first) {
  const auto map = [&](const IdxFile& file) {
    return map_idx(prepared.files.at(file.role), file.shape, prepared.versions.at(file.role));
  };
  std::vector<Array> arrays{map(files.at(first)), map(files.at(first + 1))};
  arrays.front().shape.insert(arrays.front().shape.begin() + 1, 1);
  return std::make_shared<ArraySource>(std::move(arrays));
}

}  // namespace

std::vector<IdxFile> mnist_like_files(const std::vector<std::string>& sha256) {
  return {{"train-images", "train-images-idx3-ubyte", {60000, 28, 28}, sha256.at(0)},
          {"train-labels", "train-labels-idx1-ubyte", {60000}, sha256.at(1)},
          {"eval-images", "t10k-images-idx3-ubyte", {10000, 28, 28}, sha256.at(2)},
          {"eval-labels", "t10k-labels-idx1-ubyte", {10000}, sha256.at(3)}};
}

SampleType sample_type(const IdxArchive& archive) {
  const auto& train = archive.files.at(0).shape;
  return {{{"image", Meaning::image, DType::uint8, {1, train.at(1), train.at(2)}},
           {"class", Meaning::classes, DType::uint8, {}, classes}},
          {{"train", train.at(0)}, {"eval", archive.files.at(2).shape.at(0)}}};
}

Prepared prepare(const IdxArchive& archive, const std::optional<std::string>& root,
                 const Preparation& preparation) {
  IdxSearch search(archive, preparation);
  if (root)
    if (auto found = in_root(search, *root, preparation)) return *found;
  if (auto found = in_data_dir(search, archive)) return *found;
  for (const auto& folder : archive.folders)
    if (auto found = search.in_folder(folder)) return *found;
  if (auto found = search.in_cache()) return *found;
  if (!preparation.fetches) search.give_up();
  return search.from_mirrors(mirrors_of(archive));
}

Dataset load(const IdxArchive& archive, const Prepared& prepared, double mean, double std) {
  return {sample_type(archive),
          {{"train", map_split(archive.files, prepared, 0)},
           {"eval", map_split(archive.files, prepared, 2)}},
          normalised(mean, std)};
}

}  // namespace runner
