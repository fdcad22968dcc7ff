#pragma once

#include "registry/description.hpp"
#include "runner/complete/candidate.hpp"

#include <string>

namespace runner::complete {

/// What may replace a value of a recipe with this config: `optimizer.` and `optimizer=`,
/// `optimizer.lr=`, `optimizer.groups[0].`, and behind the sign the values that can be named. Of a
/// component that the config does not name, the fields of all of its kind.
Candidates overrides(const Json& config, const std::string& begin);

}  // namespace runner::complete
