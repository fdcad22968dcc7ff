#include "registry/data/permutation.hpp"
#include "tests/trust/chance.hpp"

#include <vector>

#include <doctest/doctest.h>

using namespace runner;

namespace {

/// The first element that comes twice or is none, -1 for none.
std::int64_t not_once(const Permutation& order) {
  std::vector<bool> seen(static_cast<std::size_t>(order.size()));
  for (std::int64_t i = 0; i < order.size(); ++i) {
    const auto element = order[i];
    if (element < 0 || element >= order.size() || seen[static_cast<std::size_t>(element)])
      return element;
    seen[static_cast<std::size_t>(element)] = true;
  }
  return -1;
}

}  // namespace

TEST_CASE("property: a permutation of every size up to 2048 is a bijection") {
  by_chance(1, [](auto& random) {
    for (std::int64_t size = 1; size <= 2048; ++size) CHECK(not_once({random(), size}) == -1);
  });
}

TEST_CASE("property: a permutation of any seed and size is a bijection") {
  by_chance(100, [](auto& random) {
    const auto size =
        static_cast<std::int64_t>(1 + below(random, std::size_t{1} << below(random, 22)));
    const auto key = random();
    INFO("key " << key << ", size " << size);
    CHECK(not_once({key, size}) == -1);
  });
}

TEST_CASE(
    "property: ranks that read their shares of a batch read the order of one that reads all") {
  by_chance(200, [](auto& random) {
    const auto size = static_cast<std::int64_t>(1 + below(random, 5000));
    const auto key = random();
    const Permutation whole(key, size);
    const auto ranks = static_cast<std::int64_t>(1 + below(random, 8));
    for (std::int64_t rank = 0; rank < ranks; ++rank) {
      const Permutation mine(key, size);  // each rank makes its own
      for (auto i = size * rank / ranks; i < size * (rank + 1) / ranks; ++i)
        CHECK(mine[i] == whole[i]);
    }
  });
}
