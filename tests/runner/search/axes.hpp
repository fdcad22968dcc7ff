#pragma once

#include "runner/search/axis.hpp"

namespace runner {

/// An axis of a search's space; `choices` without values.
inline Axis axis(Axis::Kind kind, double low, double high, std::size_t choices = 0) {
  Axis out;
  out.kind = kind;
  out.low = low;
  out.high = high;
  out.choices.resize(choices);
  return out;
}

}  // namespace runner
