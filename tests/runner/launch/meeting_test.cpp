#include "runner/launch/meeting.hpp"

#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace runner;

TEST_CASE("ports come from the key alone, and lie below those that a system hands out") {
  CHECK(ports_for("7.0") == ports_for("7.0"));
  // The other processes may run another build: this may not change.
  CHECK(ports_for("7.0").front() == 20224);
  for (int job = 0; job < 1000; ++job) {
    const auto ports = ports_for(fmt::format("{}.0", job));
    REQUIRE(ports.size() == 8);
    CHECK(ports.front() >= 20000);
    CHECK(ports.back() <= 32767);
    CHECK(ports.back() - ports.front() == 7);
  }
}

TEST_CASE("the steps of one job get other ports each") {
  std::set<std::uint16_t> firsts;
  for (int step = 0; step < 20; ++step)
    firsts.insert(ports_for(fmt::format("4711.{}", step)).front());
  CHECK(firsts.size() == 20);
}
