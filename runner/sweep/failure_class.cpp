#include "runner/sweep/failure_class.hpp"

namespace runner {

std::string classify(const Outcome& outcome) {
  if (!outcome.cause) return "infrastructure";
  return std::visit(
      Overloaded{
          [](const Mistake&) { return "config"; }, [](const NotFinite&) { return "nan"; },
          [](const Thrown& it) { return it.out_of_memory ? "out_of_memory" : "config"; },
          [](const Died& it) { return it.out_of_memory ? "out_of_memory" : "infrastructure"; },
          [](const LostOthers&) { return "infrastructure"; }},
      *outcome.cause);
}

std::string answer_to(const std::string& failure_class, const OnFailure& policy) {
  if (failure_class == "config") return policy.config;
  if (failure_class == "nan") return policy.nan;
  if (failure_class == "out_of_memory") return policy.out_of_memory;
  return policy.infrastructure;
}

}  // namespace runner
