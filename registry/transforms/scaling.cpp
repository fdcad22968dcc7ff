#include "registry/transforms/scaling.hpp"

#include "registry/transforms/catalog.hpp"

#include <algorithm>
#include <stdexcept>

namespace runner {
namespace {

double of_channel(const std::vector<double>& values, std::size_t channel) {
  return values.size() == 1 ? values.front() : values.at(channel);
}

/// First `before`, then (x - mean) / std.
Scaling then(const Scaling& before, const Normalise& next) {
  const auto channels = std::max({before.factor.size(), next.mean.size(), next.std.size()});
  Scaling both{{}, {}};
  for (std::size_t i = 0; i < channels; ++i) {
    const auto std = of_channel(next.std, i);
    both.factor.push_back(of_channel(before.factor, i) / std);
    both.offset.push_back((of_channel(before.offset, i) + of_channel(next.mean, i)) / std);
  }
  return both;
}

}  // namespace

Scaling scaling_of(const FieldType& field, const Json& transforms) {
  Scaling scaling;
  if (field.meaning == Meaning::image && field.dtype == DType::uint8)
    scaling.factor = {1.0 / 255.0};
  for (const auto& transform : transforms)
    scaling = Transforms::visit<Scaling>(transform, [&](const auto& options) {
      if (const auto why = options.misfit(field); !why.empty()) throw std::invalid_argument(why);
      return then(scaling, options);
    });
  return scaling;
}

Json normalised(double mean, double std) {
  return {{{"name", "normalise"}, {"mean", {mean}}, {"std", {std}}}};
}

}  // namespace runner
