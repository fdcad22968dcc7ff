#pragma once

#include "registry/catalog.hpp"
#include "registry/schedulers/constant.hpp"
#include "registry/schedulers/step.hpp"

namespace runner {

using Schedulers = Catalog<Named<"constant", Constant>, Named<"step", Step>>;

}  // namespace runner
