#pragma once

#include "registry/datasets/dataset.hpp"
#include "registry/datasets/prepared.hpp"

#include <functional>

namespace runner {

/// Finds or fetches the dataset that the resolved map {name, field...} names, in the front, before
/// any worker starts. When it can't be had and the map has a `fallback`, that dataset is prepared,
/// with its defaults, after a warning; `Prepared::dataset` then says so. Throws DataUnavailable or
/// DataError.
Prepared prepare_dataset(const Json& component, const Preparation& preparation);

/// What prepare_dataset prepared, in each worker.
Dataset load_dataset(const Json& component, const Prepared& prepared);

/// What the samples of the dataset that the map names are, and how many there are. Of published
/// data this is known; own files are looked at, and what was seen of them is kept in the cache
/// until their content changes. Throws DataUnavailable or DataError.
SampleType look_at_dataset(const Json& component);

using Prepare = std::function<Prepared(const Json& component, const Preparation& preparation)>;

/// The fallback's rule alone, for any way to prepare.
Prepared prepare_or_fall_back(const Json& component, const Preparation& preparation,
                              const Prepare& prepare);

}  // namespace runner
