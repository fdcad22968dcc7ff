#pragma once

#include "registry/layers/keyed_hash.hpp"

#include <c10/util/BFloat16.h>
#include <c10/util/Half.h>

namespace runner {

/// Elements that follow one another in memory; their indices begin at `index`, `stride` apart.
struct Stretch {
  KeyedHash hash;
  std::uint32_t threshold, index, stride;
  std::int64_t size;
};

/// out = in * scale, and 0 where an index's hash is below the threshold. One loop for each format,
/// compiled for several widths of vectors.
void drop(const double* in, double* out, const Stretch& stretch, double scale);
void drop(const float* in, float* out, const Stretch& stretch, float scale);
void drop(const c10::BFloat16* in, c10::BFloat16* out, const Stretch& stretch, float scale);
void drop(const c10::Half* in, c10::Half* out, const Stretch& stretch, float scale);

}  // namespace runner
