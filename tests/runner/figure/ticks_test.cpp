#include "runner/figure/ticks.hpp"

#include <doctest/doctest.h>

using namespace runner::figure;

using Labels = std::vector<std::string>;

TEST_CASE(
    "ticks are round numbers inside of the axis, labelled with as many decimals as they need") {
  CHECK(tick_labels(round_ticks(0.03, 0.97, 5)) == Labels{"0.2", "0.4", "0.6", "0.8"});
  CHECK(tick_labels(round_ticks(0, 1, 4)) == Labels{"0.0", "0.5", "1.0"});
  CHECK(tick_labels(round_ticks(-12, 31, 4)) == Labels{"0", "20"});
  CHECK(tick_labels(round_ticks(0.9876, 0.9902, 5)) == Labels{"0.988", "0.989", "0.990"});
  CHECK(tick_labels(round_ticks(0, 13132, 7)) ==
        Labels{"0", "2000", "4000", "6000", "8000", "10000", "12000"});
  CHECK(tick_labels({200}) == Labels{"200"});
  CHECK(tick_labels({0.25}) == Labels{"0.25"});
  CHECK(tick_labels(round_ticks(0, 3e-7, 3)) == Labels{"0", "1e-07", "2e-07", "3e-07"});
}

TEST_CASE("ticks of a logarithmic axis are decades, or what lies between where there are few") {
  CHECK(tick_labels(decade_ticks(0.0005, 2, 6)) == Labels{"0.001", "0.01", "0.1", "1"});
  CHECK(tick_labels(decade_ticks(0.03, 0.4, 5)) == Labels{"0.05", "0.1", "0.2"});
  CHECK(tick_labels(decade_ticks(1e-9, 1, 4)) == Labels{"1e-09", "1e-06", "0.001", "1"});
}

TEST_CASE("ticks of a time axis are round in seconds, minutes, hours or days") {
  CHECK(time_labels(time_ticks(0, 40, 5)) == Labels{"0 s", "10 s", "20 s", "30 s", "40 s"});
  CHECK(time_labels(time_ticks(0, 310, 5)) == Labels{"0 min", "2 min", "4 min"});
  CHECK(time_labels(time_ticks(0, 3 * 3600, 5)) == Labels{"0 h", "1 h", "2 h", "3 h"});
  CHECK(time_labels(time_ticks(0, 4 * 86400, 5)) == Labels{"0 d", "1 d", "2 d", "3 d", "4 d"});
}
