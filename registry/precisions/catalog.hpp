#pragma once

#include "registry/catalog.hpp"
#include "registry/precisions/bf16_mixed.hpp"
#include "registry/precisions/bf16_true.hpp"
#include "registry/precisions/fp16_mixed.hpp"
#include "registry/precisions/fp32.hpp"
#include "registry/precisions/fp64.hpp"
#include "registry/precisions/tf32.hpp"

namespace runner {

using Precisions =
    Catalog<Named<"fp32", Fp32>, Named<"tf32", Tf32>, Named<"bf16-mixed", Bf16Mixed>,
            Named<"fp16-mixed", Fp16Mixed>, Named<"bf16-true", Bf16True>, Named<"fp64", Fp64>>;

}  // namespace runner
