#pragma once

#include "registry/catalog.hpp"
#include "registry/optimizers/adadelta.hpp"
#include "registry/optimizers/adagrad.hpp"
#include "registry/optimizers/adam.hpp"
#include "registry/optimizers/adamax.hpp"
#include "registry/optimizers/adamw.hpp"
#include "registry/optimizers/lbfgs.hpp"
#include "registry/optimizers/lion.hpp"
#include "registry/optimizers/muon.hpp"
#include "registry/optimizers/nadam.hpp"
#include "registry/optimizers/radam.hpp"
#include "registry/optimizers/rmsprop.hpp"
#include "registry/optimizers/sgd.hpp"

namespace runner {

using Optimizers =
    Catalog<Named<"sgd", Sgd>, Named<"adam", Adam>, Named<"adamw", AdamW>, Named<"adamax", Adamax>,
            Named<"nadam", NAdam>, Named<"radam", RAdam>, Named<"adagrad", Adagrad>,
            Named<"adadelta", Adadelta>, Named<"rmsprop", RmsProp>, Named<"lion", Lion>,
            Named<"muon", Muon>, Named<"lbfgs", Lbfgs>>;

}  // namespace runner
