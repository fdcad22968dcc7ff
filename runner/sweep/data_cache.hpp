#pragma once

#include "registry/datasets/prepared.hpp"
#include "runner/recipe/recipe.hpp"

#include <map>
#include <mutex>
#include <string>

namespace runner {

/// The datasets of a sweep's trials, each made ready once, and again when its files have
/// been written to. For use by many threads.
class DataCache {
 public:
  explicit DataCache(Preparation preparation) : preparation_(std::move(preparation)) {}

  /// Throws what prepare_dataset throws.
  Prepared data_of(const Recipe& recipe) { return get(recipe).data; }
  std::string digest_of(const Recipe& recipe) { return get(recipe).digest; }

 private:
  struct Ready {
    Prepared data;
    std::string digest;
  };
  Ready get(const Recipe& recipe);

  Preparation preparation_;
  std::mutex mutex_;
  std::map<std::string, Ready> ready_;  ///< by what the recipe says of the dataset
};

}  // namespace runner
