#include "registry/parallel/mesh.hpp"

#include "tests/experiments/fixture.hpp"
#include "tests/train/ranks_as_threads.hpp"

#include <map>
#include <mutex>

#include <ATen/ATen.h>
#include <doctest/doctest.h>

using namespace runner;

namespace {

using Axes = std::vector<Mesh::Axis>;
using Store = c10::intrusive_ptr<c10d::HashStore>;

/// How as_ranks() has its ranks meet, for those along an axis.
Membership membership(const Ranks& world, const Store& store) {
  return {store,     world.rank(), world.size(),           "127.0.0.1",
          c10::kCPU, "gloo",       std::chrono::seconds(5)};
}

std::vector<std::string> none_of(int size) {
  return std::vector<std::string>(static_cast<std::size_t>(size));
}

/// What each rank finds when it adds up, along an axis, a number with a digit of its own.
std::vector<std::int64_t> sums_along(const std::string& axis, int size, const Axes& axes) {
  std::vector<std::int64_t> sums(static_cast<std::size_t>(size));
  const auto store = c10::make_intrusive<c10d::HashStore>();
  const auto errors = as_ranks(size, [&](const Ranks& world) {
    const Mesh mesh(world, axes, membership(world, store));
    auto digit = at::full({1}, static_cast<std::int64_t>(std::pow(10, world.rank())), at::kLong);
    mesh.along(axis).sum(digit);
    sums[static_cast<std::size_t>(world.rank())] = digit.item<std::int64_t>();
  });
  CHECK(errors == none_of(size));
  return sums;
}

}  // namespace

TEST_CASE("one rank is a mesh whose every axis has one place") {
  const Ranks world;
  const Mesh mesh(world);
  CHECK(mesh.data().alone());
  CHECK(mesh.along("shard").alone());
  CHECK(mesh.along("shard").size() == 1);
}

TEST_CASE("a mesh has all ranks on its data axis, with the memory that they share") {
  const auto errors = as_ranks(
      3,
      [](const Ranks& world) {
        const Mesh mesh(world);
        if (mesh.data().rank() != world.rank() || mesh.data().size() != 3 ||
            mesh.data().group() != world.group() || mesh.data().memory() != world.memory() ||
            !mesh.along("tensor").alone())
          throw std::runtime_error("the data axis is not the world");
      },
      Sums::in_memory);
  CHECK(errors == none_of(3));
}

TEST_CASE("ranks add up along an axis with those that differ on it alone, row-major") {
  const Axes axes{{"data", 2}, {"shard", 1}, {"tensor", 2}};
  using Sums = std::vector<std::int64_t>;
  CHECK(sums_along("data", 4, axes) == Sums{101, 1010, 101, 1010});
  CHECK(sums_along("tensor", 4, axes) == Sums{11, 11, 1100, 1100});
  CHECK(sums_along("shard", 4, axes) == Sums{1, 10, 100, 1000});
  const Axes three_by_two{{"data", 3}, {"shard", 2}};
  CHECK(sums_along("data", 6, three_by_two) == Sums{10101, 101010, 10101, 101010, 10101, 101010});
  CHECK(sums_along("shard", 6, three_by_two) == Sums{11, 11, 1100, 1100, 110000, 110000});
}

TEST_CASE("a rank's number along an axis is its place there, and each line has its own first") {
  std::mutex mutex;
  std::map<int, std::vector<std::string>> firsts;
  const auto store = c10::make_intrusive<c10d::HashStore>();
  const auto errors = as_ranks(4, [&](const Ranks& world) {
    const Mesh mesh(world, {{"data", 2}, {"tensor", 2}}, membership(world, store));
    std::vector<std::string> found;
    for (const auto* axis : {"data", "tensor"}) {
      const auto& line = mesh.along(axis);
      found.push_back(std::to_string(line.rank()));
      found.push_back(line.first_of("name", std::to_string(world.rank())));
    }
    const std::lock_guard lock(mutex);
    firsts[world.rank()] = found;
  });
  CHECK(errors == none_of(4));
  using Texts = std::vector<std::string>;
  CHECK(firsts[0] == Texts{"0", "0", "0", "0"});
  CHECK(firsts[1] == Texts{"0", "1", "1", "0"});
  CHECK(firsts[2] == Texts{"1", "0", "0", "2"});
  CHECK(firsts[3] == Texts{"1", "1", "1", "2"});
}

TEST_CASE("a mesh that the ranks do not fill, or with two axes of a name, is refused") {
  const Ranks world;
  const auto refusal = [&](const Axes& axes) {
    return error_of<std::invalid_argument>([&] { const Mesh mesh(world, axes, Membership()); });
  };
  CHECK(refusal({{"data", 2}, {"tensor", 3}}) ==
        "the mesh data=2, tensor=3 has 6 places for 1 rank");
  CHECK(refusal({{"data", 1}, {"data", 1}}) == "the mesh data=1, data=1 has two axes called data");
}
