#pragma once

#include "registry/components.hpp"
#include "runner/recipe/problems.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace runner {

/// Where the components and fields of a recipe are written, by path; what is not there is a
/// default.
using Places = std::map<std::string, Place>;

/// Whether the components of a resolved config fit each other: the loss the model, loss and metrics
/// the data; and whether the metrics that others wait for are measured. The config may lack what
/// has a problem already; `wrong` names the kinds of which a field is wrong.
void check_fit(const Json& config, const Places& places, const std::set<std::string>& wrong,
               Problems& problems);

/// Fills in each `mode` that stands beside a `metric` and is null, and refuses one that contradicts
/// its metric. Returns the paths of those that it filled in.
std::vector<std::string> settle_modes(Json& config, const Places& places, Problems& problems);

/// Why a resolved recipe's runs do not have this metric: ", which no evaluation measures; did you
/// mean 'eval/loss'?". Empty when they have it.
std::string why_unmeasured(const Json& config, const std::string& metric);

}  // namespace runner
