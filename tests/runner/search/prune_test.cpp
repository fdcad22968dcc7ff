#include "runner/search/prune.hpp"

#include "registry/description.hpp"

#include <doctest/doctest.h>

using namespace runner;

static_assert(describes_every_member<Prune>());

TEST_CASE("a first rung is counted in epochs or steps") {
  CHECK(Prune{}.conflict() == "");
  Prune prune;
  prune.first = {500, Unit::steps};
  CHECK(prune.conflict() == "");
  prune.first = {10, Unit::minutes};
  CHECK(prune.conflict() == "first is counted in epochs or steps, such as '1 epoch'");
}
