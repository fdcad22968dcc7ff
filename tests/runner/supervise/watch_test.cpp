#include "runner/supervise/watch.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

/// Lets `seconds` pass, half a second at a time, while the ranks do what `live` says.
template <class Live>
std::optional<Failure> watch(Watch& watch, double seconds, Live&& live) {
  for (double t = 0; t < seconds; t += 0.5) {
    watch.pass(0.5);
    live(t);
    if (auto hung = watch.find_hung()) return hung;
  }
  return std::nullopt;
}

RankState state(int rank, double t, std::int64_t meetings, std::int64_t beats) {
  return {rank, meetings, meetings, beats, 1 + static_cast<std::int64_t>(2 * t)};
}

}  // namespace

TEST_CASE("ranks that come to every meeting do not hang") {
  Watch ranks(2);
  CHECK_FALSE(watch(ranks, 20, [&](double t) {
    for (int rank = 0; rank < 2; ++rank)
      ranks.see(state(rank, t, static_cast<std::int64_t>(t), 0), "node1");
  }));
}

TEST_CASE("a rank whose process stands still is named with its host and step") {
  Watch ranks(2);
  const auto hung = watch(ranks, 20, [&](double t) {
    ranks.see(state(0, t, 7, 0), "node1");
    ranks.see(state(1, std::min(t, 3.0), 7, 0), "node2");
  });
  REQUIRE(hung);
  CHECK(describe(*hung, 2) ==
        "rank 1 on node2 hangs at step 7: no sign of life for 2 s (topology.heartbeat)");
}

TEST_CASE("a stopped rank is named, and not the one that waits for it in the same collective") {
  Watch ranks(2);
  const auto hung = watch(ranks, 20, [&](double t) {
    ranks.see(state(0, t, 8, 0), "node1");
    ranks.see(state(1, t, 7, 0), "node1");
    ranks.see(state(2, std::min(t, 0.5), 7, 0), "node2");
  });
  REQUIRE(hung);
  CHECK(describe(*hung, 3) ==
        "rank 2 on node2 hangs at step 7: no sign of life for 2 s (topology.heartbeat)");
}

TEST_CASE("a rank for which the others wait while it does nothing is named") {
  Watch ranks(2);
  const auto hung = watch(ranks, 20, [&](double t) {
    ranks.see(state(0, t, 8, 0), "node1");
    ranks.see(state(1, t, 7, 0), "node2");
  });
  REQUIRE(hung);
  CHECK(describe(*hung, 2) ==
        "rank 1 on node2 hangs at step 7: the others have waited for it for 2 s "
        "(topology.heartbeat)");
}

TEST_CASE("a rank that works while the others wait for it does not hang") {
  Watch ranks(2);
  CHECK_FALSE(watch(ranks, 20, [&](double t) {
    ranks.see(state(0, t, 8, 0), "node1");
    ranks.see(state(1, t, 7, static_cast<std::int64_t>(t)), "node2");
  }));
}

TEST_CASE("a long step that all ranks are in is no hang") {
  Watch ranks(2);
  CHECK_FALSE(watch(ranks, 100, [&](double t) {
    for (int rank = 0; rank < 2; ++rank) ranks.see(state(rank, t, 8, 0), "node1");
  }));
}

TEST_CASE("a rank whose libraries are still being loaded does not hang") {
  Watch ranks(2);
  CHECK_FALSE(watch(ranks, 20, [&](double t) {
    ranks.see(state(0, t, 0, 0), "node1");
    ranks.see({1, 0, 0, 0, 0}, "node1");
  }));
}

TEST_CASE("a long gap between two looks says that the watcher slept, and counts as one second") {
  Watch ranks(2);
  ranks.see(state(0, 0, 0, 0), "node1");
  ranks.pass(3600);
  CHECK_FALSE(ranks.find_hung());
  ranks.pass(3600);
  CHECK(ranks.find_hung());
}

TEST_CASE(
    "a rank whose process never tells of it is named, too, while those that load are waited for") {
  Watch ranks(2);
  ranks.expect(1, "node2");
  ranks.expect(2, "node3");
  const auto hung = watch(ranks, 20, [&](double t) {
    ranks.see(state(0, t, 0, 0), "node1");
    ranks.see({1, 0, 0, 0, 0}, "node2");
  });
  REQUIRE(hung);
  CHECK(hung->rank == 2);
  CHECK(hung->host == "node3");
}

TEST_CASE("a rank that has ended is no longer watched") {
  Watch ranks(2);
  ranks.see(state(1, 0, 0, 0), "node1");
  ranks.forget(1);
  CHECK_FALSE(watch(ranks, 20, [](double) {}));
}
