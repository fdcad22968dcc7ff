#pragma once

#include "registry/parallel/ranks.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// The ranks of a run as a grid whose axes have names, as torch.distributed's DeviceMesh:
/// row-major, so neighbours on the last axis are neighbours among all ranks.
class Mesh {
 public:
  struct Axis {
    std::string name;
    int size = 1;
  };

  /// All ranks on the axis `data`.
  explicit Mesh(const Ranks& world) : lines_{{"data", world}} {}
  /// All ranks make the same mesh at the same time, and meet along its axes as they have met by
  /// `membership`. Throws std::invalid_argument unless the names differ and the product of the
  /// sizes is the number of ranks.
  Mesh(const Ranks& world, const std::vector<Axis>& axes, const Membership& membership);
  Mesh(const Mesh&) = delete;
  Mesh& operator=(const Mesh&) = delete;

  /// The ranks that differ from this one in their place on this axis alone: their rank() is that
  /// place. One that is not there has one place.
  const Ranks& along(std::string_view axis) const;
  /// Those that share a batch.
  const Ranks& data() const { return along("data"); }

 private:
  struct Line {
    std::string axis;
    Ranks ranks;
  };

  std::vector<Line> lines_;
  Ranks alone_;
};

}  // namespace runner
