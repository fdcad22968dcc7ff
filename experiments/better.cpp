#include "experiments/better.hpp"

#include "experiments/error.hpp"

#include <fmt/format.h>

namespace runner {
namespace {

MoreIsBetter& answer_of_the_program() {
  static MoreIsBetter answer = [](std::string_view) { return std::nullopt; };
  return answer;
}

}  // namespace

void set_more_is_better(MoreIsBetter answer) { answer_of_the_program() = std::move(answer); }

bool more_is_better(std::string_view metric) {
  if (const auto known = answer_of_the_program()(metric)) return *known;
  throw UserError(fmt::format(
      "best({0}): whether more of it is better is not known; write max({0}) or min({0})", metric));
}

}  // namespace runner
