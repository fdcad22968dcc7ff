#pragma once

#include "registry/catalog.hpp"
#include "registry/precisions/bf16_mixed.hpp"
#include "registry/precisions/fp32.hpp"
#include "registry/precisions/fp64.hpp"

namespace runner {

using Precisions =
    Catalog<Named<"fp32", Fp32>, Named<"bf16-mixed", Bf16Mixed>, Named<"fp64", Fp64>>;

}  // namespace runner
