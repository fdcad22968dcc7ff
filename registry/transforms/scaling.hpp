#pragma once

#include "registry/components.hpp"
#include "registry/data/sample_type.hpp"

#include <vector>

namespace runner {

/// x * factor - offset, with one of each for all elements of a sample, or one for each channel: the
/// first of several extents, or each element of a sample that has one extent.
struct Scaling {
  std::vector<double> factor{1.0}, offset{0.0};

  bool per_channel() const { return factor.size() > 1; }
  bool operator==(const Scaling&) const = default;
};

/// What a list of resolved transforms makes of a field's numbers as they are stored. Those of an
/// image of uint8 become 0 to 1 first. Throws std::invalid_argument where a transform has another
/// number of channels than the field.
Scaling scaling_of(const FieldType& field, const Json& transforms);

/// The list of one transform: (x - mean) / std.
Json normalised(double mean, double std);

}  // namespace runner
