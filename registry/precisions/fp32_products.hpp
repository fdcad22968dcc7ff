#pragma once

#include <torch/library.h>

namespace runner {

/// Whether this CPU multiplies fp32 numbers faster than bfloat16 ones: all of x86-64 but those with
/// AMX, and AMD's with avx512_bf16.
bool multiplies_fp32_faster();

/// While it lives, autocast's convolutions and matrix products on the CPU multiply in fp32.
/// Operands are rounded to autocast's type and results are of that type, as without it: a product
/// of two such numbers is exact in fp32, and is added up in fp32 by bfloat16 instructions, too.
class Fp32Products {
 public:
  Fp32Products();

 private:
  torch::Library library_;
};

}  // namespace runner
