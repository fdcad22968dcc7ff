#pragma once

#include "experiments/run.hpp"
#include "registry/datasets/prepared.hpp"
#include "runner/launch/launcher.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/record/weights.hpp"

#include <optional>
#include <string>

namespace runner {

/// The data of a run that another goes on with, or repeats, as they were recorded.
struct EarlierData {
  std::string run;  ///< its id
  std::string data;
};

/// What is recorded of a run's data: where they are, and what their content is known by; of a file
/// with weights to begin with, too. A run that goes on keeps what is known of those.
std::string recorded_data(const Prepared& data, const std::optional<FoundWeights>& weights,
                          const std::optional<EarlierData>& earlier);

/// Throws UserError with the names of the files whose content is not what it was.
void refuse_other_data(const std::string& data, const EarlierData& earlier);

/// All that the store keeps of a run when it starts.
Run describe_run(const Recipe& recipe, const std::string& data, const Launch& launch,
                 const std::string& command);

/// The same when it is queued: nobody has looked for its data or started its ranks.
Run describe_run(const Recipe& recipe, const std::string& command);

}  // namespace runner
