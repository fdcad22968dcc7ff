#include "runner/protocol/ending.hpp"

#include <fmt/format.h>

namespace runner {

std::string describe(const Failure& failure, int world_size) {
  const bool alone = world_size == 1;
  const auto who =
      alone ? std::string("the worker") : fmt::format("rank {} on {}", failure.rank, failure.host);
  const auto by_a_rank = [&](const std::string& text) {
    return alone ? text : fmt::format("{} failed at step {}: {}", who, failure.step, text);
  };
  return std::visit(
      Overloaded{[&](const Died& died) { return fmt::format("{} {}", who, died.text); },
                 [&](const Thrown& thrown) { return by_a_rank(thrown.text); },
                 [&](const LostOthers& lost) { return by_a_rank(lost.text); },
                 [](const auto& of_all) { return of_all.text; }},
      failure.cause);
}

}  // namespace runner
