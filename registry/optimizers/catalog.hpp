#pragma once

#include "registry/catalog.hpp"
#include "registry/optimizers/adadelta.hpp"
#include "registry/optimizers/adamw.hpp"
#include "registry/optimizers/sgd.hpp"

namespace runner {

using Optimizers = Catalog<Named<"adadelta", Adadelta>, Named<"sgd", Sgd>, Named<"adamw", AdamW>>;

}  // namespace runner
