#include "runner/protocol/ending.hpp"

#include "runner/sweep/failure_class.hpp"

#include <doctest/doctest.h>

using namespace runner;

namespace {

std::string described(Cause cause, int world_size) {
  return describe({std::move(cause), 1, "node2", 17}, world_size);
}

std::string class_of(Cause cause, const std::string& reason = "") {
  return classify({Ending::failed, reason, false, std::move(cause)});
}

}  // namespace

TEST_CASE("a failure is told with its rank where there are several and it is one rank's") {
  const Died died{"was killed by SIGKILL (Killed) at step 17"};
  CHECK(described(died, 2) == "rank 1 on node2 was killed by SIGKILL (Killed) at step 17");
  CHECK(described(died, 1) == "the worker was killed by SIGKILL (Killed) at step 17");
  CHECK(described(Thrown{"no room"}, 2) == "rank 1 on node2 failed at step 17: no room");
  CHECK(described(Thrown{"no room"}, 1) == "no room");
  CHECK(described(LostOthers{"connection closed"}, 2) ==
        "rank 1 on node2 failed at step 17: connection closed");
  CHECK(described(NotFinite{"loss is NaN at step 17"}, 2) == "loss is NaN at step 17");
  CHECK(described(Mistake{"model", "model: no"}, 2) == "model: no");
}

TEST_CASE("what a sweep does about a failure goes by the type of its cause, and not by its text") {
  CHECK(class_of(Mistake{"", "out of memory"}) == "config");
  CHECK(class_of(NotFinite{"loss is NaN"}) == "nan");
  CHECK(class_of(Thrown{"paused: out of memory"}) == "config");
  CHECK(class_of(Thrown{"x", true}) == "out_of_memory");
  CHECK(class_of(Died{"out of memory"}) == "infrastructure");
  CHECK(class_of(Died{"x", true}) == "out_of_memory");
  CHECK(class_of(LostOthers{"x"}) == "infrastructure");
  CHECK(classify({Ending::failed, "out of memory"}) == "infrastructure");
}
