#pragma once

#include "registry/data/sample_type.hpp"
#include "registry/data/source.hpp"

#include <memory>
#include <string>
#include <vector>

namespace runner {

/// A part of a dataset: the samples to train on, or some to evaluate on.
struct Split {
  std::string name;  ///< "train"; "eval", or "validation" and "test"
  std::shared_ptr<const SampleSource> source;
};

/// Samples as they are stored. `transforms` [{name, field...}] are what the model's input goes
/// through.
struct Dataset {
  SampleType type;
  std::vector<Split> splits;  ///< as the type has them: "train" first
  Json transforms = Json::array();
};

}  // namespace runner
