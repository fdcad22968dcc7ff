#include "runner/search/prune.hpp"

#include "registry/description.hpp"

#include <doctest/doctest.h>

using namespace runner;

static_assert(describes_every_member<Prune>());

TEST_CASE("a first rung is counted in epochs or steps") {
  CHECK(Prune{}.conflict() == "");
  CHECK(Prune{.first = {500, Unit::steps}}.conflict() == "");
  CHECK(Prune{.first = {10, Unit::minutes}}.conflict() ==
        "first is counted in epochs or steps, such as '1 epoch'");
}
