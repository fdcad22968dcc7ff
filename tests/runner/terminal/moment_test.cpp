#include "runner/terminal/moment.hpp"

#include <doctest/doctest.h>

using namespace runner;

TEST_CASE("how long ago is told in the unit that fits") {
  constexpr std::int64_t now = 1'700'000'000'000;
  const auto ago = [&](std::int64_t seconds) { return how_long_ago(now - seconds * 1000, now); };
  CHECK(ago(-5) == "0 s ago");
  CHECK(ago(59) == "59 s ago");
  CHECK(ago(60) == "1 min ago");
  CHECK(ago(7200) == "2 h ago");
  CHECK(ago(86'400) == "1 day ago");
  CHECK(ago(518'400) == "6 days ago");
  CHECK(ago(2'592'000) == "2023-10-15");
}

TEST_CASE("a duration is told in the two units that fit") {
  CHECK(how_long(0.84) == "0.8 s");
  CHECK(how_long(42.9) == "42 s");
  CHECK(how_long(200) == "3 min 20 s");
  CHECK(how_long(7500) == "2 h 05 min");
  CHECK(how_long(273'600) == "3 d 4 h");
}

TEST_CASE("a time for other programs is ISO 8601 in UTC, to the millisecond") {
  CHECK(iso_time(1'700'000'000'007) == "2023-11-14T22:13:20.007Z");
}
