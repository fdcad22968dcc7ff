#include "registry/parallel/mesh.hpp"

#include "registry/counted.hpp"
#include "registry/parallel/process_group.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

std::string axes_text(const std::vector<Mesh::Axis>& axes) {
  std::vector<std::string> texts;
  for (const auto& [name, size] : axes) texts.push_back(fmt::format("{}={}", name, size));
  return fmt::format("{}", fmt::join(texts, ", "));
}

void refuse_impossible(const std::vector<Mesh::Axis>& axes, int ranks) {
  std::int64_t places = 1;
  for (auto axis = axes.begin(); axis != axes.end(); ++axis) {
    if (std::any_of(axes.begin(), axis, [&](const auto& one) { return one.name == axis->name; }))
      throw std::invalid_argument(
          fmt::format("the mesh {} has two axes called {}", axes_text(axes), axis->name));
    places *= axis->size;
  }
  if (places != ranks)
    throw std::invalid_argument(fmt::format("the mesh {} has {} for {}", axes_text(axes),
                                            counted(places, "place"), counted(ranks, "rank")));
}

/// The ranks through this one that lie `stride` apart.
Ranks line(const Ranks& world, int size, int stride, const Membership& membership) {
  if (size == world.size()) return world;
  if (size == 1) return {};
  const int first = world.rank() - world.rank() / stride % size * stride;
  std::vector<int> members;
  for (int place = 0; place < size; ++place) members.push_back(first + place * stride);
  return world.only(members, membership);
}

}  // namespace

Mesh::Mesh(const Ranks& world, const std::vector<Axis>& axes, const Membership& membership) {
  refuse_impossible(axes, world.size());
  int stride = world.size();  // between neighbours on an axis
  for (const auto& [name, size] : axes) {
    stride /= size;
    lines_.push_back({name, line(world, size, stride, membership)});
  }
}

const Ranks& Mesh::along(std::string_view axis) const {
  const auto found = std::ranges::find(lines_, axis, &Line::axis);
  return found == lines_.end() ? alone_ : found->ranks;
}

}  // namespace runner
