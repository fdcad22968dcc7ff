#pragma once

#include "registry/description.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>

namespace runner {

/// A dataset made ready on this machine: found, or fetched and unpacked, and checked. Every worker
/// of a run maps these files, so that a machine holds one copy of the data.
struct Prepared {
  std::string dataset;  ///< the registered name; another one after a fallback
  std::string source;   ///< where it came from, for the user and the store
  std::map<std::string, std::filesystem::path> files = {};  ///< by role, e.g. "train-images"
  std::map<std::string, std::string> contents = {};         ///< a digest of each: "sha256:HEX"
  std::map<std::string, std::string> versions = {};  ///< version_of() each, when it was checked

  static constexpr auto fields() {
    return std::tuple{field("dataset", &Prepared::dataset, "the registered name"),
                      field("source", &Prepared::source, "where it came from"),
                      field("files", &Prepared::files, "by role"),
                      field("contents", &Prepared::contents, "a digest of each"),
                      field("versions", &Prepared::versions, "when they were checked")};
  }
};

/// As a run records it.
Json to_json(const Prepared& prepared);

/// Whether the files are those that were checked, as far as can be told without reading them.
bool is_as_prepared(const Prepared& prepared);

/// How preparing tells the user what it does. prepare_dataset accepts either callback empty;
/// total_bytes is 0 where the server does not say.
struct Preparation {
  std::function<void(const std::string& file, std::int64_t done_bytes, std::int64_t total_bytes)>
      progress;
  std::function<void(const std::string& message)> warn;
  bool fetches = true;  ///< false: what is not on this machine is unavailable
};

/// No copy of the data can be had: lists each path and address tried. The one error that a fallback
/// answers.
struct DataUnavailable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The data is there but wrong: truncated, corrupt, of another format.
struct DataError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace runner
