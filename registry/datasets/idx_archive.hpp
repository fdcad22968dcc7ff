#pragma once

#include "registry/datasets/dataset.hpp"
#include "registry/datasets/download.hpp"
#include "registry/datasets/idx_cache.hpp"
#include "registry/datasets/prepared.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace runner {

/// A published image dataset of four IDX files of uint8: images and labels, to train and to
/// evaluate on.
struct IdxArchive {
  std::string dataset;               ///< the registered name
  std::vector<std::string> mirrors;  ///< in order, each ending in '/': file names are added
  std::vector<std::filesystem::path> folders;  ///< where a system's packages put the files
  std::vector<IdxFile> files;
  Patience patience;
};

/// The four files of MNIST and of the datasets made to replace it: 60,000 and 10,000 images of 28 x
/// 28, 10 classes. The digests come in the order train images, train labels, eval images, eval
/// labels.
std::vector<IdxFile> mnist_like_files(const std::vector<std::string>& sha256);

/// Finds the files in the first of `root`, $RUNNER_DATA_DIR/DATASET, the archive's folders and the
/// cache that has all four, packed or not, or else fetches them from the mirrors
/// ($RUNNER_MIRROR/DATASET/ alone where that is set). Unpacked files are used where they are.
/// Throws DataUnavailable, or DataError for files that are wrong.
Prepared prepare(const IdxArchive& archive, const std::optional<std::string>& root,
                 const Preparation& preparation);

/// Images [1, height, width] of 10 classes.
SampleType sample_type(const IdxArchive& archive);

/// Maps the prepared files; images become [N, 1, height, width].
Dataset load(const IdxArchive& archive, const Prepared& prepared, double mean, double std);

}  // namespace runner
