#pragma once

#include "registry/data/sample_type.hpp"
#include "registry/datasets/prepared.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace runner {

/// The user's own files, by role: absolute paths, with what tells their content. Throws
/// DataUnavailable for a file that is not there, and DataError for what is no file.
Prepared prepare_own_files(const std::string& dataset,
                           const std::map<std::string, std::string>& files);

/// Throws DataError where a file is no longer the one that was prepared.
void refuse_changed_files(const Prepared& prepared);

/// What `look` finds in own files, which may have to be read whole. It is kept in the cache, by the
/// files' content and the dataset's options, and in this process.
SampleType look_once(const Prepared& files, const Json& options,
                     const std::function<SampleType()>& look);

/// Throws DataError where transforms do not fit what a model is given.
void refuse_unfit_transforms(const std::string& dataset, const SampleType& type,
                             const Json& transforms);

}  // namespace runner
