#include "runner/supervise/failure.hpp"

#include <fmt/format.h>

namespace runner {

Json to_json(const Failure& failure) {
  return {{"kind", static_cast<int>(failure.kind)},
          {"rank", failure.rank},
          {"host", failure.host},
          {"step", failure.step},
          {"cause", failure.cause}};
}

Failure failure_from_json(const Json& json) {
  return {static_cast<FailureKind>(json.at("kind").get<int>()), json.at("rank"), json.at("host"),
          json.at("step"), json.at("cause")};
}

std::string describe(const Failure& failure, int world_size) {
  const bool alone = world_size == 1;
  const auto who =
      alone ? std::string("the worker") : fmt::format("rank {} on {}", failure.rank, failure.host);
  if (failure.kind == FailureKind::died) return fmt::format("{} {}", who, failure.cause);
  if (failure.kind == FailureKind::agreed || failure.kind == FailureKind::mistake || alone)
    return failure.cause;
  return fmt::format("{} failed at step {}: {}", who, failure.step, failure.cause);
}

}  // namespace runner
